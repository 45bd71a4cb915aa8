"""Colours can be read by everybody, in both themes, and agree with the theme that the pages are drawn in."""

import tomllib
from pathlib import Path

import pytest

from mtl_core.palette import DARK, LIGHT, contrast, theme, with_alpha
from mtl_core.spec import INPUTS

ROOT = Path(__file__).parents[2]
BOTH = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def test_contrast_is_the_published_formula():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#123456", "#123456") == 1
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)  # the grey that famously just fails


@BOTH
def test_words_stand_out_from_the_page_and_from_a_tint(colours):
    for name in INPUTS:
        assert contrast(colours.text[name], colours.paper) >= 4.5
        assert contrast(colours.text[name], colours.tint[name]) >= 4.5
        assert contrast(colours.ink, colours.tint[name]) >= 4.5
        assert contrast(colours.muted, colours.tint[name]) >= 4.5
    assert contrast(colours.ink, colours.paper) >= 7
    assert contrast(colours.muted, colours.paper) >= 4.5


@BOTH
def test_lines_stand_out_from_the_page(colours):
    assert all(contrast(colours.line[name], colours.paper) >= 3 for name in INPUTS)


def _seen_without_red_cones(colour: str) -> tuple[float, ...]:
    """Linear RGB to what a protanope sees (Viénot, Brettel and Mollon 1999): two dimensions, yellow-blue and light."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = red**2.2, green**2.2, blue**2.2
    return 0.11238 * red + 0.88762 * green, 0.00401 * red - 0.00401 * green + blue


@BOTH
def test_a_colour_blind_reader_tells_the_inputs_apart(colours):
    first, second = (_seen_without_red_cones(colours.line[name]) for name in INPUTS)
    assert abs(first[1] - second[1]) > 0.3


@BOTH
def test_the_page_is_drawn_in_the_same_colours(colours):
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    section = config["theme"]["dark" if colours is DARK else "light"]
    assert section["backgroundColor"] == colours.paper
    assert section["textColor"] == colours.ink
    assert section["grayTextColor"] == colours.muted
    for name, hue in zip(INPUTS, ("blue", "orange"), strict=True):
        assert section[f"{hue}TextColor"] == colours.text[name]
        assert section[f"{hue}BackgroundColor"] == colours.tint[name]


def test_theme_and_alpha():
    assert theme(dark=True) is DARK
    assert theme(dark=False) is LIGHT
    assert with_alpha("#0072B2", 0.2) == "rgba(0, 114, 178, 0.2)"
