import pytest

from pal import Body, HostcallError, status
from pal.abi import BUFFER_REQUEST_BODY
from tests.pal.fake_host import FakeHost


@pytest.fixture
def body(host: FakeHost) -> Body:
    host.buffers[BUFFER_REQUEST_BODY] = b"0123456789"
    return Body(BUFFER_REQUEST_BODY)


def test_reading(body: Body) -> None:
    assert body.size() == 10
    assert body.read() == b"0123456789"
    assert body.read(8) == b"89"
    assert body.read(2, 3) == b"234"
    assert body.read(99) == b""


def test_editing_at_the_ends(host: FakeHost, body: Body) -> None:
    body.append(b"<")
    body.prepend(b">")
    assert host.buffers[BUFFER_REQUEST_BODY] == b">0123456789<"

    body.replace(b"new")
    assert host.buffers[BUFFER_REQUEST_BODY] == b"new"


@pytest.mark.usefixtures("host")
def test_outside_the_body_callbacks_there_is_no_body() -> None:
    body = Body(BUFFER_REQUEST_BODY)

    for use in (body.size, body.read, lambda: body.append(b"x")):
        with pytest.raises(HostcallError) as raised:
            use()
        assert raised.value.status == status.NOT_FOUND
