"""The words for refusals about accounts."""

from flask_babel import lazy_gettext as _l

from app.rules.account import refusals as no
from app.web.page.refusals.register import says_always

says_always(no.EmailTaken, _l("This address now belongs to another account."))
says_always(no.LinkNotValid, _l("This link no longer works: it is too old, was used, or was not copied in full."))
says_always(no.NicknameTaken, _l("Another reader has this nickname. Please choose another."))
says_always(no.NoSuchReader, _l("There is no such reader."))
says_always(no.PasswordTooEasy, _l("This password is easy to guess. A few words are better."))
says_always(no.SameEmail, _l("This is already your address."))
says_always(no.SecondFactorIsOff, _l("Two-step verification is not on."))
says_always(no.SecondFactorIsOn, _l("Two-step verification is already on."))
says_always(no.WrongCode, _l("This code is wrong, has expired, or was already used."))
says_always(
    no.WrongLogin, _l("E-mail or password is wrong, or the address has not been confirmed yet (see our e-mail).")
)
says_always(no.WrongPassword, _l("This is not your password."))
