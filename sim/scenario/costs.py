"""What an arm costs over the years in which it works, and on what terms that is judged."""

from __future__ import annotations

from functools import partial

from sim.scenario.base import Section, quantity

usd = partial(quantity, 0.0, ge=0, le=1e12)
PAID = (0, 2_000_000)


class Cost(Section):
    """The parts of an arm's price: paid once, and each year."""

    building_usd: float = usd("buildings, paid at the beginning", "USD", assumed=PAID)
    equipment_usd: float = usd("equipment, paid at the beginning", "USD", assumed=PAID)
    men: int = quantity(0, "men on the payroll beyond the baseline", "men", assumed=(0, 60), ge=0, le=100_000)
    upkeep_usd_year: float = usd("upkeep of buildings and equipment", "USD/a", assumed=(0, 200_000))


class Appraisal(Section):
    """What turns outcomes into money per additional interdiction, and into official figures; it changes no run."""

    groups_per_year: float = quantity(
        24.0, "groups that try to cross in a year", "1/a", assumed=(2, 200), gt=0, le=1_000_000
    )
    years: float = quantity(10.0, "years over which every arm is priced and judged", "a", assumed=(3, 20), gt=0, le=100)
    discount_rate: float = quantity(
        0.03,
        "by which money and groups stopped a year later count less",
        "1/a",
        assumed=(0, 0.1),
        ge=0,
        le=1,
    )
    man_usd_year: float = quantity(
        3_000.0,
        "a man on the payroll: pay, food, clothing, training",
        "USD/a",
        assumed=(1_000, 10_000),
        ge=0,
        le=1e9,
    )
    known_after_days: float = quantity(
        180.0,
        "days from its opening until a new post is as well known as standing ones, for the effect over the years",
        "d",
        assumed=(30, 730),
        ge=0,
        le=100_000,
    )
    value_usd: float = quantity(
        50_000.0,
        "the value of one more interdiction, for the break-even",
        "USD",
        assumed=(5_000, 500_000),
        ge=0,
        le=1e12,
    )
    deterred_share: float = quantity(
        0.0,
        "share of those apprehended who do not try again, in the repeat-trial estimate",
        assumed=(0, 0.5),
        ge=0,
        le=0.99,
    )

    @property
    def discounted_years(self) -> float:
        """What one a year for `years` years is worth at the beginning, each at the year's end.

        >>> round(Appraisal(years=2, discount_rate=0.25).discounted_years, 12)  # 1/1.25 + 1/1.25^2
        1.44
        >>> Appraisal(years=10, discount_rate=0).discounted_years
        10.0
        """
        rate = self.discount_rate
        return (1 - (1 + rate) ** -self.years) / rate if rate else self.years

    def present_value_usd(self, cost: Cost) -> float:
        """The price of an arm at the beginning: what is paid once, and each year's men and upkeep.

        >>> terms = Appraisal(years=2, discount_rate=0.25, man_usd_year=1000)
        >>> round(terms.present_value_usd(Cost(building_usd=500, equipment_usd=60, men=2, upkeep_usd_year=500)), 6)
        4160.0
        """
        each_year = cost.men * self.man_usd_year + cost.upkeep_usd_year
        return cost.building_usd + cost.equipment_usd + self.discounted_years * each_year
