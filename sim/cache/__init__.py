"""What is kept between starts: compiled code, composed configuration, tables."""
