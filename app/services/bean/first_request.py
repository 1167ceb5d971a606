"""The bean for a giver's first copy that is asked for."""

from sqlalchemy import BigInteger, String, bindparam, cast, exists, literal, or_, select

from app.models.base import db
from app.models.bean import BeanTransfer
from app.models.drift import Drift, is_settled
from app.models.user import User
from app.rules.bean.earning import FirstRequest, earns_for_request
from app.rules.bean.transfer import Reason, confirmation_reward, first_request_reward
from app.services.bean.transfers import move_beans


def reward_first_request(drift: Drift, now: int) -> None:
    """Give the giver of a copy that was just asked for the bean for it, if it is earned; inside the transaction.

    Both readers are locked; nobody has the bean twice, as its key says.
    """
    sides = {"drift": drift.id, "asker": drift.asker_id, "giver": drift.giver_id}
    facts = FirstRequest(**db.session.execute(_FACTS, sides).mappings().one())
    if earns_for_request(facts, now):
        move_beans(first_request_reward(drift.giver_id), now, drift.id)


_DRIFT, _ASKER, _GIVER = (bindparam(name, type_=BigInteger) for name in ("drift", "asker", "giver"))
_confirmed, _rewarded = (
    exists().where(BeanTransfer.key == literal(reward(0).key[:-1]).concat(cast(User.id, String(20))))
    for reward in (confirmation_reward, first_request_reward)
)
_of_both = or_(
    (Drift.asker_id == _ASKER) & (Drift.giver_id == _GIVER), (Drift.asker_id == _GIVER) & (Drift.giver_id == _ASKER)
)
_of_asker = or_(Drift.asker_id == _ASKER, Drift.giver_id == _ASKER)
_brought = (Drift.asker_id == _ASKER) & (BeanTransfer.drift_id == Drift.id)
_FACTS = select(
    _confirmed.label("giver_confirmed"),
    _rewarded.label("giver_rewarded"),
    exists().where(_of_both, Drift.id != _DRIFT).label("have_dealt"),
    exists().where(_of_asker, is_settled()).label("has_finished"),
    select(User.confirmed_at).where(User.id == _ASKER).scalar_subquery().label("confirmed_at"),
    exists().where(_brought, BeanTransfer.reason == Reason.FIRST_REQUEST).label("has_brought_one"),
).where(User.id == _GIVER)
