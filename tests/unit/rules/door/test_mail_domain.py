import pytest

from app.rules.door.mail_domain import registered_domain


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("a@example.org", "example.org"),
        ("a@mail.EXAMPLE.org", "example.org"),
        ("a@x.y.example.org.", "example.org"),
        ("a@cs.pku.edu.cn", "pku.edu.cn"),
        ("a@pku.edu.cn", "pku.edu.cn"),
        ("a@com.cn", "com.cn"),
        ("a@例子.中国", "例子.中国"),
        ("a@localhost", "localhost"),
        ("@", ""),
    ],
)
def test_names_below_a_domain_count_as_the_domain(email, domain):
    assert registered_domain(email) == domain
