"""Genetic search over activity lists with double justification, in compiled chunks.

An individual is the order of the starts of an improved schedule. A child takes a stretch of one parent's list
between two random points and the rest in the other's order (or the other way about); neighbours are swapped
at random; it is decoded by the serial scheme, justified, and takes the place of a worse member. Sources:
Hartmann (1998), "A competitive genetic algorithm for resource-constrained project scheduling"; Valls,
Ballestin and Quintanilla (2008), "A hybrid genetic algorithm for the resource-constrained project scheduling
problem".
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .encode import Arrays, Encoded, Ints
from .kernels import by_start, decode, improve, jit


class Population(NamedTuple):
    """The state of one island; everything that the next step depends on, so that a run can be repeated."""

    orders: Ints  # (P, n)
    starts: Ints  # (P, n)
    costs: Ints  # (P,)
    best_start: Ints  # (n,)
    random: Ints  # (1,) state of the generator
    counters: (
        Ints  # [schedules generated, members filled, schedules since the best improved, best cost, restarts]
    )


def new_population(encoded: Encoded, size: int, seed: int) -> Population:
    """An empty island; the first chunk fills it by sampling priority rules."""
    count = encoded.arrays.duration.shape[0]
    state = (seed * 0x9E3779B97F4A7C15 + 0x2545F4914F6CDD1D) & 0x7FFFFFFFFFFFFFFF
    return Population(
        np.zeros((size, count), dtype=np.int64),
        np.zeros((size, count), dtype=np.int64),
        np.zeros(size, dtype=np.int64),
        np.zeros(count, dtype=np.int64),
        np.array([state or 1], dtype=np.int64),
        np.array([0, 0, 0, 1 << 62, 0], dtype=np.int64),
    )


@jit
def draw(random: Ints, below: int) -> int:
    """A whole number in 0..below-1 (xorshift64*, Vigna 2016)."""
    x = np.uint64(random[0])
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    random[0] = np.int64(x)
    y = np.int64((x * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(33))
    return y % below  # type: ignore[return-value]


@jit
def sample(net: Arrays, random: Ints, rank: Ints, order: Ints, rule: int) -> None:
    """A random list by priority: among the eligible, the best of `rule` drawn ones (1 = purely random)."""
    count = order.shape[0]
    waiting = np.empty(count, dtype=np.int64)
    eligible = np.empty(count, dtype=np.int64)
    many = 0
    for task in range(count):
        waiting[task] = net.before_start[task + 1] - net.before_start[task]
        if waiting[task] == 0:
            eligible[many] = task
            many += 1
    for position in range(count):
        chosen = draw(random, many)
        for _ in range(rule - 1):
            other = draw(random, many)
            if rank[eligible[other]] < rank[eligible[chosen]]:
                chosen = other
        task = eligible[chosen]
        many -= 1
        eligible[chosen] = eligible[many]
        order[position] = task
        for k in range(net.after_start[task], net.after_start[task + 1]):
            successor = net.after[k]
            waiting[successor] -= 1
            if waiting[successor] == 0:
                eligible[many] = successor
                many += 1


@jit
def cross_two_points(first: Ints, second: Ints, low: int, high: int, child: Ints, used: Ints) -> None:
    """Positions before `low` and the rest after `high` from the first parent; between, the second's order."""
    count = child.shape[0]
    used[:] = 0
    for k in range(low):
        child[k] = first[k]
        used[first[k]] = 1
    filled = low
    k = 0
    while filled < high:
        if used[second[k]] == 0:
            child[filled] = second[k]
            used[second[k]] = 1
            filled += 1
        k += 1
    for k in range(count):
        if used[first[k]] == 0:
            child[filled] = first[k]
            filled += 1


@jit
def cross_stretch(first: Ints, second: Ints, low: int, high: int, child: Ints, used: Ints) -> None:
    """The first parent's stretch low..high-1 stays; what it has before and after comes in the second's
    order."""
    used[:] = 2
    for k in range(low):
        used[first[k]] = 0
    for k in range(low, high):
        used[first[k]] = 1
        child[k] = first[k]
    front, back = 0, high
    for task in second:
        if used[task] == 0:
            child[front] = task
            front += 1
        elif used[task] == 2:
            child[back] = task
            back += 1


@jit
def mutate(net: Arrays, random: Ints, order: Ints, chances: int) -> None:
    """Swap neighbours that no relation holds, each with probability chances / 1000."""
    for position in range(order.shape[0] - 1):
        if draw(random, 1000) < chances:
            first, second = order[position], order[position + 1]
            free = True
            for k in range(net.after_start[first], net.after_start[first + 1]):
                if net.after[k] == second:
                    free = False
                    break
            if free:
                order[position], order[position + 1] = second, first


@jit
def evolve(net: Arrays, people: Population, rank: Ints, schedules: int, target: int, knobs: Ints) -> None:
    """Generate about `schedules` more schedules; returns early once the best cost is `target`."""
    orders, starts, costs, best_start, random, counters = people
    size, count = orders.shape
    free = np.empty_like(net.capacity)
    left = np.empty_like(net.amount)
    order = np.empty(count, dtype=np.int64)
    start = np.empty(count, dtype=np.int64)
    key = np.empty(count, dtype=np.int64)
    used = np.empty(count, dtype=np.int64)
    bucket = np.empty(8 * count + 80, dtype=np.int64)
    until = counters[0] + schedules
    while counters[0] < until and counters[3] > target:
        filling = counters[1] < size
        if filling:
            sample(net, random, rank, order, 1 + draw(random, 3))
        else:
            first, second = pick(random, costs), pick(random, costs)
            while second == first:
                second = draw(random, size)
            low = draw(random, count)
            high = low + 1 + draw(random, count - low)
            if draw(random, 100) < knobs[1]:
                cross_stretch(orders[first], orders[second], low, high, order, used)
            else:
                cross_two_points(orders[first], orders[second], low, high, order, used)
            mutate(net, random, order, knobs[0])
        decode(net, order, start, free, left)
        by_start(net, start, order, bucket)
        value, passes = improve(net, order, start, free, left, key, bucket, knobs[4])
        counters[0] += 1 + 2 * passes
        counters[2] += 1 + 2 * passes
        if value < counters[3]:
            counters[3] = value
            counters[2] = 0
            best_start[:] = start
        if filling:
            place = counters[1]
            counters[1] += 1
        else:
            place = replaced(random, costs, starts, start, value, knobs[2])
        if place >= 0:
            costs[place] = value
            orders[place] = order
            starts[place] = start
        if counters[2] > knobs[3]:
            counters[1] = 0
            counters[2] = 0
            counters[4] += 1


@jit
def pick(random: Ints, costs: Ints) -> int:
    """Tournament of two."""
    one, other = draw(random, costs.shape[0]), draw(random, costs.shape[0])
    return one if costs[one] <= costs[other] else other


@jit
def replaced(random: Ints, costs: Ints, starts: Ints, start: Ints, value: int, tries: int) -> int:
    """The member that gives way: the worst of some drawn ones; -1 where the child is a twin or worse."""
    worst = draw(random, costs.shape[0])
    for _ in range(tries - 1):
        other = draw(random, costs.shape[0])
        if costs[other] > costs[worst]:
            worst = other
    if value > costs[worst]:
        return -1
    for member in range(costs.shape[0]):
        if costs[member] == value:
            same = True
            for task in range(start.shape[0]):
                if starts[member, task] != start[task]:
                    same = False
                    break
            if same:
                return -1
    return worst
