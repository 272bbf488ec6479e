"""Drawn pictures in place of photos: no real person, plate or home in the demonstration."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw, ImageFilter

from hongtu.kernel.problems.evidence import Photo, clean

SIZE = (960, 640)
SKY, GRASS, ASPHALT, WALL = "#cfe0ea", "#8fae7c", "#6d737a", "#d8cbb6"


def _finished(image: Image.Image, dice: random.Random) -> Photo:
    noise = Image.effect_noise(image.size, 18).convert("RGB")
    file = io.BytesIO()
    Image.blend(image.filter(ImageFilter.GaussianBlur(1.1)), noise, 0.06).save(file, "JPEG", quality=80)
    file.seek(0)
    return clean(file)


def _scene(ground: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(image)
    for x in range(0, 960, 240):  # blocks of flats behind
        draw.rectangle((x + 20, 90, x + 210, 330), fill=WALL)
        for row in range(5):
            for column in range(4):
                draw.rectangle(
                    (x + 38 + column * 44, 108 + row * 44, x + 62 + column * 44, 134 + row * 44),
                    fill="#7d93a6",
                )
    draw.rectangle((0, 330, 960, 640), fill=ground)
    return image, draw


def rockery(seed: int) -> Photo:
    """An unused rockery on a lawn."""
    dice = random.Random(seed)
    image, draw = _scene(GRASS)
    for _n in range(46):
        x, y, r = dice.randrange(40, 920), dice.randrange(360, 600), dice.randrange(26, 80)
        grey = dice.randrange(105, 175)
        draw.ellipse(
            (x - r, y - r * 0.8, x + r, y + r * 0.6), fill=(grey, grey - 4, grey - 12), outline="#5c5a54"
        )
    return _finished(image, dice)


def bays(seed: int) -> Photo:
    """Marked parking bays, most of them used."""
    dice = random.Random(seed)
    image, draw = _scene(ASPHALT)
    for row, y in enumerate((370, 510)):
        for n in range(9):
            x = 24 + n * 102
            draw.polygon(
                [(x, y + 110), (x + 10, y), (x + 104, y), (x + 96, y + 110)], outline="#f2f2f2", width=4
            )
            if dice.random() < 0.72:
                colour = dice.choice(["#b23a33", "#2f5d8a", "#e8e8e8", "#33383d", "#8a939b"])
                draw.rounded_rectangle((x + 20, y + 18, x + 84, y + 96), 16, fill=colour)
                draw.rounded_rectangle((x + 28, y + 34 + row, x + 76, y + 54), 6, fill="#27313a")
    return _finished(image, dice)


def lift(seed: int, *, mended: bool) -> Photo:
    """A lift's doors: worn, or new."""
    dice = random.Random(seed)
    image = Image.new("RGB", SIZE, "#cfcac0" if mended else "#a79f90")
    draw = ImageDraw.Draw(image)
    for x in (250, 480):
        draw.rectangle(
            (x, 70, x + 226, 600), fill="#c9d0d6" if mended else "#8d8f8c", outline="#5a5f63", width=4
        )
    if not mended:
        for _n in range(30):
            x, y = dice.randrange(255, 700), dice.randrange(90, 580)
            draw.line(
                (x, y, x + dice.randrange(-60, 60), y + dice.randrange(10, 70)),
                fill="#5d564b",
                width=dice.randrange(2, 7),
            )
        draw.rectangle((770, 250, 850, 380), fill="#e6dfa8", outline="#6b6231", width=3)
    draw.rounded_rectangle((770, 400, 830, 520), 10, fill="#4b5156")
    for y in (430, 480):
        draw.ellipse((786, y - 14, 814, y + 14), fill="#f4c95d" if mended else "#2f3336")
    return _finished(image, dice)


def facade(seed: int, *, mended: bool) -> Photo:
    """An outer wall: flaking, or made good."""
    dice = random.Random(seed)
    image = Image.new("RGB", SIZE, "#e4d9c6" if mended else "#cdbfa6")
    draw = ImageDraw.Draw(image)
    for row in range(4):
        for column in range(5):
            x, y = 50 + column * 185, 30 + row * 155
            draw.rectangle((x, y, x + 110, y + 95), fill="#6f8599", outline="#f3efe6", width=6)
    if not mended:
        for _n in range(38):
            x, y = dice.randrange(0, 940), dice.randrange(0, 620)
            points = [(x + dice.randrange(-46, 46), y + dice.randrange(-34, 34)) for _p in range(7)]
            draw.polygon(points, fill=dice.choice(["#8f8577", "#a3988a", "#756c60"]))
    return _finished(image, dice)


def spot(seed: int, *, mended: bool) -> Photo:
    """A piece of street: broken, or mended. Small: there are many."""
    dice = random.Random(seed)
    image = Image.new("RGB", (480, 320), dice.choice(["#85898c", "#7b7f78", "#8c857c"]))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 480, 90), fill=dice.choice([GRASS, WALL, SKY]))
    draw.line((0, 96, 480, 96), fill="#e6e6e0", width=7)
    for _n in range(0 if mended else 14):
        x, y, r = dice.randrange(30, 450), dice.randrange(130, 300), dice.randrange(10, 46)
        draw.ellipse(
            (x - r, y - r // 2, x + r, y + r // 2), fill=dice.choice(["#4c4a45", "#5a5148", "#3f444a"])
        )
    if mended:
        draw.rectangle((0, 104, 480, 320), fill="#5f6468")
        for x in range(20, 470, 64):
            draw.polygon([(x, 300), (x + 14, 190), (x + 46, 190), (x + 38, 300)], fill="#e9e9e4")
        draw.rectangle((0, 100, 480, 108), fill="#c9c6bd")
    return _finished(image, dice)
