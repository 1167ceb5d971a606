"""How the made-up readers of the demo hand books over: ways, times, places, addresses."""

from app.rules.exchange.drift import Way
from app.rules.exchange.place import PlaceFacts, PlaceKind
from app.rules.exchange.way import Terms
from app.services.delivery.meeting import AtPlace, Delivery, Meeting
from app.services.delivery.places import add_place, list_place_ids_of
from app.services.delivery.postal_address import PostalAddress

AREAS = [
    "CN/北京市/北京市/海淀区",
    "CN/上海市/上海市/徐汇区",
    "CN/浙江省/杭州市/西湖区",
    "CN/四川省/成都市/锦江区",
    "CN/广东省/广州市/越秀区",
    "CN/陕西省/西安市/雁塔区",
    "CN/上海市/上海市",
    None,
]
CITIES = ["北京市海淀区", "上海市徐汇区", "杭州市西湖区", "成都市锦江区", "广州市越秀区", "西安市雁塔区"]
PLACES = ["图书馆一楼书架", "三教门口书柜", "街角咖啡馆", "小区门房"]
KINDS = [PlaceKind.SHELF, PlaceKind.BOX, PlaceKind.CAFE, PlaceKind.GATEHOUSE]
TIMES = ["工作日 18–20 点，三教门口", "周末下午，图书馆", "每天中午，食堂二楼", "Saturdays, north gate"]
LEND_DAYS = [14, 30, 60]


def add_places() -> list[int]:
    """Add the meeting places and return their ids."""
    return [
        add_place(PlaceFacts(name, kind, "进门左手边", "每天 8–20 点", AREAS[0] or ""))
        for name, kind in zip(PLACES, KINDS, strict=True)
    ]


def time_of(reader: int) -> str:
    """Return when and where it suits a reader."""
    return TIMES[reader % len(TIMES)]


def terms_of(reader: int, places: list[int]) -> Terms:
    """Return how a reader hands copies over: some in person too, some only so, and some at a place too."""
    ways = (Way.MEET,) if reader % 9 == 0 else (Way.POST, Way.MEET) if reader % 3 == 0 else (Way.POST,)
    first = reader % len(places)
    lend_days = LEND_DAYS[reader % len(LEND_DAYS)] if reader % 4 == 1 else None
    if reader % 5 == 0:
        return Terms((*ways, Way.PLACE), time_of(reader), tuple(places[first : first + 2]), lend_days)
    return Terms(ways, time_of(reader), lend_days=lend_days)


def delivery_of(asker: int, gift_id: int, ways: tuple[Way, ...]) -> Delivery:
    """Return what the asker says about how the book gets to them."""
    if Way.PLACE in ways and asker % 3 != 0:
        return AtPlace(min(list_place_ids_of(gift_id)))
    meets = Way.MEET in ways and (asker % 2 == 0 or Way.POST not in ways)
    return Meeting((time_of(asker),)) if meets else _address_of(asker)


def _address_of(reader: int) -> PostalAddress:
    street = f"{CITIES[reader % len(CITIES)]}书香路{reader}号"
    return PostalAddress(f"读者{reader}", f"138{reader:08}", street)
