import platform

from tilios.portal import memory


def test_the_c_library_is_told_to_give_memory_back() -> None:
    assert memory.be_sparing() is (platform.libc_ver()[0] == "glibc")
