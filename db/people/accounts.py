"""People of a store: added, given another role, taken away; passphrases changed and recovered.

The key file and the ledger change together: the next key file is written beside the old one, the act that names its
sha256 is committed, then it takes the old one's place. Whatever moment the power fails at, the ledger tells which of
the two holds.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from db import VERSION
from db.casebook.casebook import Casebook
from db.clock import Clock, read_day, system_clock
from db.folder import keys, paths
from db.folder.door import find_store, unlock
from db.folder.keys import DEFAULT, Kdf, Keys, Unwrapped
from db.folder.tries import SHEET, check_locked, counted, note_try, read_tries
from db.ledger.ledger import NOWHERE, Act, read_acts
from db.ledger.roles import ACCOUNT_ACTS, Account, fold_accounts, rights_of
from db.opening.key_acts import keys_act, settle_keys
from db.opening.vault import USER, absorb_tries, account_act, open_as, recovery_wrap
from db.people.identity import grant_by
from forms.errors import Refusal, Trouble
from forms.value import Value


def add_account(
    casebook: Casebook, user: str, name: str, role: str, passphrase: str, why: str = "", kdf: Kdf = DEFAULT, *,
    last_day: str = "", temporary: bool = True,
) -> Account:  # fmt: skip
    """A new person, whose first passphrase is temporary. Sign-in names and ids are never given to another person.

    ``last_day`` (ISO date) ends the role by itself. Without ``temporary`` the account is usable at once and its
    training is noted: for demonstrations and tests.
    """
    casebook.check_right("accounts")
    if not USER.fullmatch(user):
        raise Refusal("db.user_pattern")
    if any(each.user == user for each in casebook.accounts.values()):
        raise Refusal("db.user_taken", user=user)
    _check_role(casebook, role)
    keys.check_passphrase(passphrase, casebook.clock)
    unwrapped = Unwrapped(casebook.store_key, keys.new_signing_key())
    public = keys.public_key(unwrapped.signing_key)
    account_id = f"{casebook.ledger.strand}-{_last_number(casebook) + 1}"
    shown = name.strip() or user
    account = Account(account_id, user, shown, role, public, must_change=temporary, last_day=read_day(last_day))
    known = keys.read_keys(casebook.path / paths.KEYS)
    known = known.with_wrap(keys.wrap(known, account.id, user, passphrase, unwrapped, kdf))
    acts = [account_act("account_added", account, why)]
    _change(casebook, known, acts if temporary else [*acts, _training_act(account)])
    return casebook.accounts[account.id]


def change_role(casebook: Casebook, account_id: str, role: str, why: str, last_day: str = "") -> Account:
    """Another role from now on; what the person did before stays under the old one.

    The person ticks the training for it at the next sign-in. Raises Refusal for one's own role and without a reason.
    """
    casebook.check_right("accounts")
    _check_role(casebook, role)
    account = replace(_active(casebook, account_id), role=role, last_day=read_day(last_day))
    if account.id == casebook.account.id:
        raise Refusal("db.not_own_role")
    if not why.strip():
        raise Refusal("db.why_missing")
    with casebook.writing() as ledger:
        ledger.append([account_act("account_changed", account, why)])
        accounts = _people(casebook)
    _take_over(casebook, accounts)
    return accounts[account_id]


def remove_account(casebook: Casebook, account_id: str, why: str) -> None:
    """Take a person's access away. Whoever may have kept a copy of the store is shut out of it only by a new key."""
    casebook.check_right("accounts")
    account = _active(casebook, account_id)
    if account.id == casebook.account.id:
        raise Refusal("db.not_yourself")
    known = keys.read_keys(casebook.path / paths.KEYS).without(account.id)
    _change(casebook, known, [account_act("account_removed", account, why)])


def reset_passphrase(casebook: Casebook, account_id: str, passphrase: str, why: str, kdf: Kdf = DEFAULT) -> Account:
    """A temporary passphrase for somebody who forgot theirs, with a new signing key: the old one can't be unwrapped."""
    casebook.check_right("accounts")
    keys.check_passphrase(passphrase, casebook.clock)
    account = _active(casebook, account_id)
    if account.id == casebook.account.id:
        raise Refusal("db.not_yourself")
    unwrapped = Unwrapped(casebook.store_key, keys.new_signing_key())
    account = replace(account, public_key=keys.public_key(unwrapped.signing_key), must_change=True)
    known = keys.read_keys(casebook.path / paths.KEYS)
    known = known.with_wrap(keys.wrap(known, account.id, account.user, passphrase, unwrapped, kdf))
    reset = Act("passphrase_reset", replace(NOWHERE, item=account.id), why=why.strip())
    _change(casebook, known, [reset, account_act("account_changed", account)])
    absorb_tries(casebook, account.user)
    return casebook.accounts[account.id]


def unlock_account(casebook: Casebook, account_id: str, why: str = "") -> None:
    """Let somebody try again who was locked out by failed tries; the tries stay on record."""
    casebook.check_right("accounts")
    account = _active(casebook, account_id)
    absorb_tries(casebook, account.user)
    with casebook.writing() as ledger:
        ledger.append([Act("account_unlocked", replace(NOWHERE, item=account.id), why=why.strip())])


def take_over(casebook: Casebook, old: str, new: str, *, trained: bool, kdf: Kdf = DEFAULT) -> None:
    """What a person does at the first sign-in: an own passphrase when the present one is temporary, training ticked."""
    if not trained:
        raise Refusal("db.training_missing")
    invited = bytes(casebook.signing_key) if casebook.account.must_change else b""
    if invited:
        change_passphrase(casebook, old, new, kdf)
    note_training(casebook)
    if invited:
        grant_by(casebook, casebook.account.id, invited)


def note_training(casebook: Casebook) -> None:
    """The person signed in has ticked the training for the role."""
    with casebook.writing() as ledger:
        ledger.append([_training_act(casebook.account)])
        accounts = _people(casebook)
    _take_over(casebook, accounts)


def change_passphrase(casebook: Casebook, old: str, new: str, kdf: Kdf = DEFAULT) -> None:
    """A new passphrase for the person signed in; nothing else is re-encrypted. A wrong old one is a failed try.

    In place of a temporary passphrase, which somebody else knows, it comes with a new signing key.
    """
    keys.check_passphrase(new, casebook.clock)
    known = keys.read_keys(casebook.path / paths.KEYS)
    wrap = known.wrap_of(casebook.user)
    with counted(casebook.path):
        check_locked(casebook.path, casebook.user, casebook.clock)
        unwrapped = keys.unwrap(known, wrap, old) if wrap is not None else None
        if unwrapped is None:
            note_try(casebook.path, casebook.user, casebook.clock)
            raise Refusal("db.old_passphrase_wrong")
    if old == new:
        raise Refusal("db.passphrase_same")
    acts = [Act("passphrase_changed")]
    account = before = casebook.account
    if account.must_change:
        unwrapped = replace(unwrapped, signing_key=keys.new_signing_key())
        account = replace(account, must_change=False, public_key=keys.public_key(unwrapped.signing_key))
        acts.append(account_act("account_changed", account))
    known = known.with_wrap(keys.wrap(known, account.id, account.user, new, unwrapped, kdf))
    _change(casebook, known, acts)
    if account is not before:
        casebook.sign_with(unwrapped.signing_key)


def check_own_passphrase(casebook: Casebook, passphrase: str) -> None:
    """Raises Trouble when it is not the passphrase of the person signed in, which counts as a failed try.

    The right one takes the tries before it into the ledger, so that only tries in a row lock an account. Refused after
    the last day of the account, also when the window stood open over it.
    """
    unlock(casebook.path, casebook.user, passphrase, casebook.clock)
    check_last_day(casebook)
    if read_tries(casebook.path):
        absorb_tries(casebook, casebook.user)


def check_last_day(casebook: Casebook) -> None:
    """Raises Refusal after the last day of the account of the person signed in."""
    last_day = casebook.account.last_day
    if last_day and casebook.clock.today().isoformat() > last_day:
        raise Refusal("db.account_over", day=last_day)


def recover(
    path: str | Path, code: str, user: str, passphrase: str, clock: Clock | None = None, kdf: Kdf = DEFAULT
) -> Casebook:
    """Open a store with the sealed recovery code and give one person a new passphrase and signing key.

    The code is used up: ``recovery_code`` of the casebook holds the next one to print and seal. A wrong code is a
    failed try; it has 140 bits, so that nothing is locked for it.
    """
    clock = clock or system_clock()
    folder = find_store(path)
    keys.check_passphrase(passphrase, clock)
    plain = keys.read_recovery_code(code)
    known = keys.read_keys(folder / paths.KEYS)
    found = keys.unwrap(known, known.recovery, plain) if known.recovery is not None else None
    wrap = known.wrap_of(user)
    if found is None:
        note_try(folder, SHEET, clock)
        raise Trouble("db.recovery_code_wrong")
    if wrap is None:
        raise Refusal("db.user_unknown", user=user[:40])
    casebook = open_as(folder, found, wrap.id, user, clock)
    unwrapped = Unwrapped(found.store_key, keys.new_signing_key())
    try:
        account = replace(casebook.account, public_key=keys.public_key(unwrapped.signing_key), must_change=False)
        next_code = keys.new_recovery_code()
        known = known.with_wrap(keys.wrap(known, account.id, user, passphrase, unwrapped, kdf))
        known = known.with_wrap(recovery_wrap(known, next_code, unwrapped.store_key, kdf))
        _change(casebook, known, [Act("recovery_used"), account_act("account_changed", account)])
        casebook.sign_with(unwrapped.signing_key)
        grant_by(casebook, keys.RECOVERY, found.signing_key)
    except BaseException:
        casebook.let_go()
        raise
    casebook.recovery_code = next_code
    return casebook


def renew_recovery(casebook: Casebook, why: str, kdf: Kdf = DEFAULT) -> str:
    """A new recovery code, as when the sheet was lost or its seal is broken; the old one opens nothing any more."""
    casebook.check_right("accounts")
    if not why.strip():
        raise Refusal("db.why_missing")
    code = keys.new_recovery_code()
    known = keys.read_keys(casebook.path / paths.KEYS)
    known = known.with_wrap(recovery_wrap(known, code, casebook.store_key, kdf))
    _change(casebook, known, [Act("recovery_renewed", why=why.strip())])
    return code


def _change(casebook: Casebook, known: Keys, acts: list[Act]) -> None:
    waiting = casebook.path / paths.NEXT_KEYS
    paths.write_whole(waiting, keys.dump_keys(known))
    try:
        with casebook.writing() as ledger:
            ledger.append([*acts, keys_act(known)])
            accounts = _people(casebook)
    except BaseException:
        waiting.unlink(missing_ok=True)
        raise
    settle_keys(casebook)
    _take_over(casebook, accounts)


def _people(casebook: Casebook) -> dict[str, Account]:
    return fold_accounts(read_acts(casebook.connection, *ACCOUNT_ACTS))


def _take_over(casebook: Casebook, accounts: dict[str, Account]) -> None:
    casebook.accounts = accounts
    casebook.become(accounts[casebook.account.id])
    casebook.ledger.role = casebook.account.role


def _check_role(casebook: Casebook, role: str) -> None:
    if not rights_of(casebook.study, role):
        known = ", ".join(each.id for each in casebook.study.roles)
        raise Refusal("db.role_unknown", role=role[:40], known=known)


def _training_act(account: Account) -> Act:
    told = {"role": account.role, "program": VERSION}
    return Act("training", replace(NOWHERE, item=account.id), Value(value=json.dumps(told, sort_keys=True)))


def _active(casebook: Casebook, account_id: str) -> Account:
    account = casebook.accounts.get(account_id)
    if account is None or not account.active:
        raise Refusal("db.user_unknown", user=account_id[:40])
    return account


def _last_number(casebook: Casebook) -> int:
    mine = f"{casebook.ledger.strand}-"
    return max((int(each.removeprefix(mine)) for each in casebook.accounts if each.startswith(mine)), default=0)
