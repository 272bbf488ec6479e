"""The engine against MPXJ's Primavera scheduler on random networks: every date and float identical."""

from hongtu.engines.schedule.cpm import schedule

from .networks import random_network
from .oracle import differences, java


def test_dates_and_float_equal_the_primavera_scheduler_on_300_networks() -> None:
    java()
    wrong = {}
    negative = 0
    for seed in range(300):
        network = random_network(seed)
        result = schedule(network)
        negative += bool((result.total_float < 0).any())
        if found := differences(network, result):
            wrong[seed] = found[:5]
    assert wrong == {}
    assert negative > 30, "the sample must contain networks that cannot meet their dates"
