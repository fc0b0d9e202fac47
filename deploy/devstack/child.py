"""Run a command that ends with its parent, and not as root if it must not be: `child.py [options] -- command …`.

A script of its own, run with `python -I -S`, because code between fork and exec in a process with threads may
deadlock, and because the order of the calls matters: the death signal is forgotten when credentials change.

    --signal N       the signal that reaches the command when its parent dies (default SIGTERM)
    --unroot PATH    run as nobody if we are root; PATH is what the command must own (PostgreSQL refuses root)
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_SET_SECUREBITS, NO_SETUID_FIXUP = 28, 4
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
CLONE_NEWUSER = 0x10000000
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522
NOBODY = 65534


def main(arguments: list[str]) -> None:
    """Parse, become nobody if asked, tie our life to the parent's, and become the command."""
    split = arguments.index("--")
    options, command = arguments[:split], arguments[split + 1 :]
    parent = os.getppid()
    if "--unroot" in options and os.geteuid() == 0:
        unroot(options[options.index("--unroot") + 1])
    end = int(options[options.index("--signal") + 1]) if "--signal" in options else int(signal.SIGTERM)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, end, 0, 0, 0)
        if os.getppid() != parent:
            raise SystemExit("the parent ended before its child began")
    os.execvp(command[0], command)


def unroot(owned: str) -> None:
    """Be nobody: in a user namespace where root is called nobody, else as the real nobody."""
    namespace = sys.platform == "linux" and namespaces_allowed()
    own(owned, 0 if namespace else NOBODY)
    if namespace:
        enter_namespace()
    else:
        become_nobody()


def namespaces_allowed() -> bool:
    """Try it in a child: containers' system call filters often refuse user namespaces."""
    if not (pid := os.fork()):
        try:
            enter_namespace()
            os._exit(0)
        except OSError:
            os._exit(1)
    return os.waitpid(pid, 0)[1] == 0


def enter_namespace() -> None:
    """Into a user namespace whose only user and group, nobody, is root outside: files keep their owner."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "unshare")
    for name, text in (("setgroups", "deny"), ("uid_map", f"{NOBODY} 0 1"), ("gid_map", f"{NOBODY} 0 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def become_nobody() -> None:
    """Become uid nobody, keeping only the right to pass folders that are closed to it (/root, say)."""
    libc = ctypes.CDLL(None)
    linux = sys.platform == "linux"
    if linux:
        libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
        libc.prctl(PR_SET_SECUREBITS, NO_SETUID_FIXUP, 0, 0, 0)  # access(), too, then counts what is kept
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    if linux:
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
        kept = 1 << CAP_DAC_OVERRIDE
        libc.capset(header, (ctypes.c_uint32 * 6)(kept, kept, kept, 0, 0, 0))
        libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


def own(path: str, uid: int) -> None:
    """Give the tree to the user, unless its top is his already."""
    if os.stat(path).st_uid == uid:
        return
    for folder, _, files in os.walk(path):
        for name in files:
            os.lchown(os.path.join(folder, name), uid, -1)
        os.lchown(folder, uid, -1)


if __name__ == "__main__":
    main(sys.argv[1:])
