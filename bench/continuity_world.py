"""An invented organisation of so many elements, for the continuity benchmarks.

Sites with power, LAN and two WAN lines; cloud services in regions behind identity; applications on
them, many with alternatives; teams at sites who can work from home over VPN or directly; functions
that need staff, applications and each other. Made with a seed, so always the same.
"""

from __future__ import annotations

import random
from datetime import timedelta

from standfast.engine.continuity.model import (
    AccessPath,
    AllOf,
    Amount,
    AnyOf,
    Aspect,
    AtLeast,
    Criticality,
    Effect,
    Event,
    Fallbacks,
    Function,
    Group,
    Location,
    LocationKind,
    LossRate,
    Needs,
    Occurrence,
    Organisation,
    Party,
    Place,
    Policy,
    Reliability,
    Requirement,
    Scenario,
    Staff,
    Step,
    System,
    SystemKind,
    WorkElsewhere,
)

HOUR = timedelta(hours=1)


def make_organisation(elements: int, seed: int = 7) -> Organisation:
    """About so many groups, locations, systems, parties and functions together."""
    return _World(elements, random.Random(seed)).organisation()


class _World:
    def __init__(self, elements: int, chance: random.Random) -> None:
        self.chance = chance
        self.sites = [f"site-{n}" for n in range(max(2, elements // 100))]
        self.clouds = [f"cloud-{n}" for n in range(max(2, elements // 250))]
        self.teams = [f"team-{n}" for n in range(max(2, elements * 12 // 100))]
        self.names = [f"function-{n}" for n in range(max(2, elements * 6 // 100))]
        fixed = len(self.sites) * 6 + len(self.clouds) + len(self.teams) + len(self.names) + 10
        self.apps = [f"app-{n}" for n in range(max(4, elements - fixed))]
        self.locations: dict[str, Location] = {"home": Location("home", LocationKind.HOME)}
        self.systems: dict[str, System] = {}
        self.paths: dict[str, AccessPath] = {}

    def reliability(self) -> Reliability:
        return Reliability(self.chance.uniform(0.2, 4), self.chance.uniform(1, 12))

    def system(self, name: str, kind: SystemKind, needs: Requirement, at: str = "") -> None:
        self.systems[name] = System(
            name, kind, at=at, needs=needs, recovery=self.chance.choice([2, 4, 8]) * HOUR,
            reliability=self.reliability(), provider="provider" if kind is SystemKind.CLOUD else "",
        )  # fmt: skip

    def organisation(self) -> Organisation:
        self._ground()
        self._applications()
        groups = {name: self._team(name) for name in self.teams}
        functions = {name: self._function(n, name) for n, name in enumerate(self.names)}
        events = self._events()
        policy = Policy(
            "laptops",
            tuple(WorkElsewhere(name, "home", Amount(share=0.3)) for name in self.teams[::3]),
            in_place=True,
        )
        happens = (Occurrence("storm"), Occurrence("pandemic"), Occurrence("cloud-fault", 3 * HOUR))
        return Organisation(
            "Invented",
            groups=groups,
            locations=self.locations,
            systems=self.systems,
            paths=self.paths,
            parties={"carrier": Party("carrier")},
            functions=functions,
            policies={"laptops": policy},
            events=events,
            scenarios={"storm": Scenario("storm", happens)},
        )

    def _ground(self) -> None:
        self.system("identity", SystemKind.IDENTITY, AllOf())
        self.system("home-internet", SystemKind.INTERNET, AllOf())
        self.system("egress", SystemKind.INTERNET, AllOf(), at=self.sites[0])
        self.system("vpn", SystemKind.VPN, AllOf((Needs("identity"), Needs("egress"))))
        for site in self.sites:
            self.locations[site] = Location(site, latitude=25.0, longitude=121.5)
            for part in ("power", "wan-a", "wan-b"):
                kind = SystemKind.POWER if part == "power" else SystemKind.WAN
                self.system(f"{site}-{part}", kind, AllOf())
            self.system(f"{site}-lan", SystemKind.LAN, Needs(f"{site}-power"), at=site)
            ways = AnyOf((Needs(f"{site}-wan-a"), Needs(f"{site}-wan-b")))
            self.system(f"{site}-net", SystemKind.WAN, AllOf((Needs(f"{site}-lan"), ways)))
            self.paths[f"{site}-desk"] = AccessPath(
                f"{site}-desk", at=site, needs=Needs(f"{site}-net")
            )
        self.paths["tunnel"] = AccessPath(
            "tunnel", at="home", needs=AllOf((Needs("home-internet"), Needs("vpn"))),
            seats=20 * len(self.teams),
        )  # fmt: skip
        for cloud in self.clouds:
            self.system(cloud, SystemKind.CLOUD, Needs("identity"))

    def _applications(self) -> None:
        for number, name in enumerate(self.apps):
            ground = self.chance.choice(self.clouds)
            needs: list[Requirement] = [Needs(ground)]
            if number > 10:
                needs += [
                    Needs(self.apps[self.chance.randrange(number - 10, number)])
                    for _ in range(self.chance.randrange(2))
                ]
            if self.chance.random() < 0.2:
                needs[0] = AnyOf((Needs(ground), Needs(self.chance.choice(self.clouds))))
            self.system(name, SystemKind.APPLICATION, AllOf(tuple(needs)))

    def _team(self, name: str) -> Group:
        site = self.chance.choice(self.sites)
        heads = self.chance.randrange(5, 120)
        remote = self.chance.choice([0.0, 0.2, 0.5])
        elsewhere = (Place("home", Amount(share=remote)),) if remote else ()
        return Group(name, heads, (Place(site, Amount(share=1.0)),), elsewhere)

    def _function(self, number: int, name: str) -> Function:
        team = self.chance.choice(self.teams)
        apps = [Needs(each) for each in self.chance.sample(self.apps, 4)]
        needs: list[Requirement] = [
            Staff(team, Amount(share=self.chance.choice([0.3, 0.4, 0.6]))),
            apps[0],
            Fallbacks(apps[1], (Step(apps[2], activation=2 * HOUR, capacity=0.6),)),
        ]
        if self.chance.random() < 0.2:
            needs.append(AtLeast(Amount(count=2), (apps[1], apps[2], apps[3])))
        if number > 5 and self.chance.random() < 0.3:
            needs.append(Needs(self.names[self.chance.randrange(number - 5, number)]))
        return Function(
            name,
            needs=AllOf(tuple(needs)),
            criticality=self.chance.choice(list(Criticality)),
            rto=self.chance.choice([4, 8, 24]) * HOUR,
            mtpd=72 * HOUR,
            loss=(LossRate(timedelta(0), 100), LossRate(8 * HOUR, 900)),
        )

    def _events(self) -> dict[str, Event]:
        ill = tuple(Effect(name, share=0.3) for name in self.teams[::2])
        return {
            "storm": Event(
                "storm",
                (Effect(self.sites[0], aspect=Aspect.ENTRY), Effect(f"{self.sites[0]}-power")),
                duration=36 * HOUR, frequency=0.5,
            ),
            "pandemic": Event("pandemic", ill, duration=1000 * HOUR, frequency=0.03),
            "cloud-fault": Event("cloud-fault", (Effect(self.clouds[0]),), duration=6 * HOUR,
                                 frequency=1),
        }  # fmt: skip
