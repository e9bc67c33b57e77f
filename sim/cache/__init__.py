"""What is kept between starts: compiled code, composed configurations, tables, the short verification."""
