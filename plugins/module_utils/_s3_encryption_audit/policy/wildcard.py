# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The wildcards of policies: ``*`` is any text, ``?`` any one character.

A pattern is a sequence of tokens, matched by following all its possible positions at once, one bit each. That takes
time in the length of text times pattern whatever the pattern looks like: a policy is hostile input.

``classes`` answers the question that a proof needs: given many patterns, which combinations of them can one text
match at all? It walks the product of the patterns, so nothing is guessed and nothing is left out.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import Callable, Container, Dict, FrozenSet, Iterable, List, Optional, Sequence, Tuple, Union

from .budget import Budget

# What a pattern is made of: a string is one character out of those in it, a number one of the wildcards below.
# The two of a segment, which ARN conditions have, stop at a colon.
Token = Union[str, int]
Tokens = Tuple[Token, ...]
STAR, ANY, SEGMENT_STAR, SEGMENT_ANY = 0, 1, 2, 3

Lookup = Callable[[str], Optional[str]]

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_DEFAULT = re.compile(r"\s*([^,]*?)\s*,\s*'(.*)'\s*", re.DOTALL)
_FILLED_PATTERNS = 8
_FILLINGS = ("", "x", "123456789012")
_MOST_ROUGH_STEPS = 10_000  # for patterns that take a step for every character of a text
_FOREVER = -1  # positions: whatever follows, it matches


def fold(text: str) -> str:
    """``text`` without letter case, at the same length."""
    if text.isascii():
        return text.lower()
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def tokens(text: str) -> Tokens:
    """The tokens of a pattern without variables."""
    found: List[Token] = []
    for char in text:
        if char == "*":
            if not found or found[-1] != STAR:
                found.append(STAR)
        else:
            found.append(ANY if char == "?" else char)
    return tuple(found)


def variables(text: str) -> FrozenSet[str]:
    """The context keys that the policy variables in ``text`` name, in lower case."""
    if "${" not in text:
        return frozenset()
    return frozenset(_named(body)[0] for body in _VARIABLE.findall(text)) - frozenset("*?$")


def expand(text: str, lookup: Optional[Lookup]) -> Optional[Tokens]:
    """The tokens of a pattern with its policy variables replaced, or nothing when one has no value.

    ``${*}``, ``${?}`` and ``${$}`` stand for these characters; a value that was put in has no wildcards.
    Without a ``lookup`` (policy version 2008-10-17) there are no variables.
    """
    if lookup is None or "${" not in text:
        return tokens(text)
    found: List[Token] = []
    end = 0
    for match in _VARIABLE.finditer(text):
        found.extend(tokens(text[end : match.start()]))
        end = match.end()
        value = _value(match.group(1), lookup)
        if value is None:
            return None
        found.extend(value)
    found.extend(tokens(text[end:]))
    return tuple(token for at, token in enumerate(found) if not (token == STAR and at and found[at - 1] == STAR))


def substitute(text: str, lookup: Optional[Lookup]) -> Optional[str]:
    """The same for operators that know no wildcards."""
    if lookup is None or "${" not in text:
        return text
    found: List[str] = []
    end = 0
    for match in _VARIABLE.finditer(text):
        value = _value(match.group(1), lookup)
        if value is None:
            return None
        found.extend((text[end : match.start()], value))
        end = match.end()
    return "".join((*found, text[end:]))


def _value(body: str, lookup: Lookup) -> Optional[str]:
    name, default = _named(body)
    value = name if name in ("*", "?", "$") else lookup(name)
    return default if value is None else value


def _named(body: str) -> Tuple[str, Optional[str]]:
    match = _DEFAULT.fullmatch(body)
    if match:
        return match.group(1).lower(), match.group(2).replace("''", "'")
    return body.strip().lower(), None


def literal(text: str) -> Tokens:
    """The pattern that matches ``text`` and nothing else."""
    return tuple(text)


def insensitive(pattern: Tokens) -> Tokens:
    """``pattern`` for text in any letter case."""
    return tuple(
        token if isinstance(token, int) or fold(token) == token == token.upper() else _cases(token) for token in pattern
    )


def _cases(char: str) -> str:
    return "".join(dict.fromkeys((char, fold(char), *(upper for upper in char.upper() if fold(upper) == fold(char)))))


def segmented(pattern: Tokens) -> Optional[Tokens]:
    """``pattern`` as ARN conditions read it: wildcards of the first five parts stop at a colon.

    Nothing when it has fewer than the six parts of an ARN.
    """
    found: List[Token] = []
    colons = 0
    for token in pattern:
        if token == ":":
            colons += 1
        if colons < 5 and token in (STAR, ANY):
            token = SEGMENT_STAR if token == STAR else SEGMENT_ANY
        found.append(token)
    return tuple(found) if colons >= 5 else None


def _plain_parts(pattern: Tokens) -> Optional[List[str]]:
    """What stands between the stars, if the pattern is plain text and stars and nothing else."""
    parts = [""]
    chars: List[str] = []
    for token in pattern:
        if token == STAR:
            parts[-1] = "".join(chars)
            parts.append("")
            chars = []
        elif isinstance(token, str) and len(token) == 1:
            chars.append(token)
        else:
            return None
    parts[-1] = "".join(chars)
    return parts


class Glob:
    """A pattern, ready to match."""

    def __init__(self, pattern: Tokens) -> None:
        self.tokens = pattern
        self._parts = _plain_parts(pattern)
        parts = self._parts or []
        self.plain = len(parts) == 1  # no wildcards at all
        self.text = parts[0] if self.plain else ""
        self.head = parts[0] if len(parts) == 2 and not parts[1] else None  # plain text, and then a star
        self.quick = self._parts is not None
        self._ready = False

    def matches(self, text: str) -> bool:
        """Whether the whole of ``text`` fits."""
        if self._parts is not None:
            return self._fit(text, self._parts)
        return self.accepts(self.run(self.start(), text))

    @staticmethod
    def _fit(text: str, parts: Sequence[str]) -> bool:
        """Whether ``text`` is the parts with anything between them: each is taken at the first place it is found."""
        if len(parts) == 1:
            return text == parts[0]
        at, end = len(parts[0]), len(text) - len(parts[-1])
        if at > end or not (text.startswith(parts[0]) and text.endswith(parts[-1])):
            return False
        for part in parts[1:-1]:
            found = text.find(part, at, end)
            if found < 0:
                return False
            at = found + len(part)
        return True

    def _prepare(self) -> None:
        """One bit for each token; a mask for each character says which tokens it satisfies."""
        self.chars: Dict[str, int] = {}
        self.any = self.segment_any = self.stars = self.segment_stars = 0
        for at, token in enumerate(self.tokens):
            bit = 1 << at
            if isinstance(token, str):
                for char in token:
                    self.chars[char] = self.chars.get(char, 0) | bit
            elif token == ANY:
                self.any |= bit
            elif token == SEGMENT_ANY:
                self.segment_any |= bit
            elif token == STAR:
                self.stars |= bit
            else:
                self.segment_stars |= bit
        self.accept = 1 << len(self.tokens)
        self.forever = self.accept >> 1 if self.tokens and self.tokens[-1] == STAR else 0
        self.segments = self.segment_any | self.segment_stars
        self._ready = True

    def start(self) -> int:
        """The positions before any text."""
        if not self._ready:
            self._prepare()
        return self._settle(1)

    def step(self, positions: int, char: str) -> int:
        """The positions after one more character; 0 when nothing can match any more."""
        if positions == _FOREVER or not positions:
            return positions
        advance, stay = self.chars.get(char, 0) | self.any, self.stars
        if char != ":":
            advance |= self.segment_any
            stay |= self.segment_stars
        return self._settle(((positions & advance) << 1) | (positions & stay))

    def run(self, positions: int, text: str) -> int:
        """The positions after all of ``text``."""
        for char in text:
            if not positions or positions == _FOREVER:
                break
            positions = self.step(positions, char)
        return positions

    def accepts(self, positions: int) -> bool:
        """Whether the text so far matches."""
        return positions == _FOREVER or bool(positions & self.accept)

    def _settle(self, positions: int) -> int:
        # A star may match nothing. Two stars never stand side by side, so that one step is enough.
        positions |= (positions & (self.stars | self.segment_stars)) << 1
        return _FOREVER if positions & self.forever else positions


class AnyOf:
    """Patterns of which one must match; quick for those that are plain text, or plain text and then ``*``."""

    def __init__(self, patterns: Iterable[Tokens]) -> None:
        plain, heads, self._rest = set(), [], []
        for pattern in patterns:
            glob = Glob(pattern)
            if glob.plain:
                plain.add(glob.text)
            elif glob.head is not None:
                heads.append(glob.head)
            else:
                self._rest.append(glob)
        self._plain, self._heads = frozenset(plain), tuple(heads)

    def matches(self, text: str) -> bool:
        """Whether a pattern fits the whole of ``text``."""
        return text in self._plain or text.startswith(self._heads) or any(glob.matches(text) for glob in self._rest)

    def matches_all(self, prefix: str) -> bool:
        """Whether one of the quick patterns fits every text that begins with ``prefix``."""
        return any(prefix.startswith(head) for head in self._heads)


class _Trie:
    """All patterns that are plain text, or plain text and then ``*``: nearly all there are. One state for them all."""

    def __init__(self) -> None:
        self.children: List[Dict[str, int]] = [{}]
        self.ends: List[int] = [0]  # patterns that match here and only here
        self.opens: List[int] = [0]  # patterns that match from here on

    def add(self, text: str, bit: int, opens: bool) -> None:
        node = 0
        for char in text:
            follower = self.children[node].get(char)
            if follower is None:
                follower = len(self.children)
                self.children[node][char] = follower
                self.children.append({})
                self.ends.append(0)
                self.opens.append(0)
            node = follower
        (self.opens if opens else self.ends)[node] |= bit


def classes(
    patterns: Sequence[Tokens],
    budget: Budget,
    prefix: str = "",
    nonempty: bool = False,
    longest: int = 2048,
    language: Sequence[Tokens] = (),
) -> List[Tuple[str, int]]:
    """One example for every set of patterns that some text matches and no other pattern does.

    :param prefix: what every text begins with; the examples come without it.
    :param nonempty: whether a text must have something after the prefix; ``longest`` is how much it may have.
    :param language: if given, texts match one of these.
    :returns: examples, each with its set: bit *i* stands for ``patterns[i]``. The shortest example of its set.
    :raises TooComplex: when that takes more steps than the budget has.

    With a rough budget there are only some of these examples.
    """
    if not prefix and not language and all(Glob(pattern).plain for pattern in patterns):
        return _plain_classes(patterns, budget, nonempty, longest)
    if budget.rough:
        return _some_classes(patterns, budget, prefix, nonempty, longest, language)
    walk = _Walk(prefix, budget)
    for at, pattern in enumerate(patterns):
        walk.add(pattern, 1 << at)
    allowed = 1 << len(patterns) if language else 0
    for pattern in language:
        walk.add(pattern, allowed)
    return walk.examples(nonempty, longest, allowed)


def _plain_classes(patterns: Sequence[Tokens], budget: Budget, nonempty: bool, longest: int) -> List[Tuple[str, int]]:
    budget.spend(len(patterns))
    found: Dict[str, int] = {}
    for at, pattern in enumerate(patterns):
        text = Glob(pattern).text
        found[text] = found.get(text, 0) | (1 << at)
    other = _unused(found)
    return [(other, 0), *((text, bits) for text, bits in found.items() if nonempty <= len(text) <= longest)]


def _some_classes(
    patterns: Sequence[Tokens], budget: Budget, prefix: str, nonempty: bool, longest: int, language: Sequence[Tokens]
) -> List[Tuple[str, int]]:
    """Some examples: a text for each of the first patterns, with several fillings for its wildcards."""
    tests = [Glob(pattern) for pattern in patterns]
    slow = sum(not test.quick for test in tests)
    allowed = AnyOf(language) if language else None
    texts = [prefix + "x"]
    for pattern in patterns[:_FILLED_PATTERNS]:
        texts += ["".join(_filled(token, star) for token in pattern) for star in _FILLINGS]
    found: Dict[int, str] = {}
    left = _MOST_ROUGH_STEPS
    for text in dict.fromkeys(texts):
        budget.spend(len(tests))
        left -= slow * len(text) // 8
        if left < 0:
            break
        if not text.startswith(prefix) or not nonempty <= len(text) - len(prefix) <= longest:
            continue
        if allowed is None or allowed.matches(text):
            matched = sum(1 << at for at, test in enumerate(tests) if test.matches(text))
            found.setdefault(matched, text[len(prefix) :])
    return [(text, matched) for matched, text in found.items()]


def _filled(token: Token, star: str) -> str:
    if isinstance(token, str):
        return token[0]
    return "x" if token in (ANY, SEGMENT_ANY) else star


# Where a walk is: the node in the trie or -1, the patterns that match from here on, and for each other pattern that is
# still open its number and positions.
_State = Tuple[int, int, Tuple[Tuple[int, int], ...]]


class _Walk:
    """A breadth-first walk through all that texts can do to a set of patterns."""

    def __init__(self, prefix: str, budget: Budget) -> None:
        self._prefix = prefix
        self._budget = budget
        self._trie = _Trie()
        self._always = 0
        self._globs: List[Tuple[Glob, int]] = []
        self._starts: List[Tuple[int, int]] = []

    def add(self, pattern: Tokens, bit: int) -> None:
        """Walk through one more pattern, to be known by ``bit``."""
        self._budget.spend(1 + len(pattern) // 8)
        glob = Glob(pattern)
        head = glob.text if glob.plain else glob.head
        if head is None:
            self._budget.spend(4 + len(pattern) // 4)
            positions = glob.run(glob.start(), self._prefix)
            if positions == _FOREVER:
                self._always |= bit
            elif positions:
                self._starts.append((len(self._globs), positions))
                self._globs.append((glob, bit))
        elif head.startswith(self._prefix):
            self._trie.add(head[len(self._prefix) :], bit, not glob.plain)
        elif not glob.plain and self._prefix.startswith(head):
            self._always |= bit

    def examples(self, nonempty: bool, longest: int, allowed: int) -> List[Tuple[str, int]]:
        """The shortest text for every set of bits, with its set; only those with the bit ``allowed``, if there is one."""
        fresh = self._fresh()
        first: _State = (0, self._always | self._trie.opens[0], tuple(self._starts))
        states: List[_State] = [first]
        trail: List[Tuple[int, str]] = [(-1, "")]
        depths: List[int] = [0]
        seen = {first}
        found: Dict[int, int] = {}
        for at, state in enumerate(states):  # grows while it is walked
            matched = self._matched(state)
            if (
                (depths[at] or not nonempty)
                and matched & allowed == allowed
                and not found.get(matched)  # rather any text than the empty one
            ):
                found[matched] = at
            if depths[at] >= longest:
                continue
            for char in self._alphabet(state, fresh):
                then = self._step(state, char)
                if then in seen or not self._may_match(then, allowed):
                    continue
                seen.add(then)
                states.append(then)
                trail.append((at, char))
                depths.append(depths[at] + 1)
        return [(_spelled(trail, at), matched & ~allowed) for matched, at in found.items()]

    def _matched(self, state: _State) -> int:
        node, matched, active = state
        for at, positions in active:
            glob, bit = self._globs[at]
            if glob.accepts(positions):
                matched |= bit
        return matched | self._trie.ends[node] if node >= 0 else matched

    def _alphabet(self, state: _State, fresh: str) -> List[str]:
        """The characters that can make a difference, and one for all others."""
        node, _matched, active = state
        alphabet = set(self._trie.children[node]) if node >= 0 else set()
        for at, positions in active:
            glob, _bit = self._globs[at]
            alphabet.update(char for char, bits in glob.chars.items() if bits & positions)
            if positions & glob.segments:
                alphabet.add(":")
        self._budget.spend(1 + (1 + len(alphabet)) * (1 + len(active)))
        return [fresh, *sorted(alphabet)]

    def _step(self, state: _State, char: str) -> _State:
        node, matched, active = state
        node = self._trie.children[node].get(char, -1) if node >= 0 else -1
        if node >= 0:
            matched |= self._trie.opens[node]
        still: List[Tuple[int, int]] = []
        for at, positions in active:
            glob, bit = self._globs[at]
            positions = glob.step(positions, char)
            if positions == _FOREVER:
                matched |= bit
            elif positions:
                still.append((at, positions))
        return node, matched, tuple(still)

    def _may_match(self, state: _State, bit: int) -> bool:
        node, matched, active = state
        return matched & bit == bit or node >= 0 or any(self._globs[at][1] == bit for at, _positions in active)

    def _fresh(self) -> str:
        """A character that no pattern names: it stands for all of these."""
        named = {":"}
        for children in self._trie.children:
            named.update(children)
        for glob, _bit in self._globs:
            named.update(glob.chars)
        return _unused(named)


def _unused(used: Container[str]) -> str:
    """A character that is not used, and if possible one that reads well."""
    readable = "xyzabcdefghijklmnopqrstuvwXYZABCDEFGHIJKLMNOPQRSTUVW0123456789"
    return next(char for char in chain(readable, map(chr, range(0xC0, 0x10FFFF))) if char not in used)


def _spelled(trail: Sequence[Tuple[int, str]], at: int) -> str:
    chars: List[str] = []
    while at > 0:
        at, char = trail[at]
        chars.append(char)
    return "".join(reversed(chars))
