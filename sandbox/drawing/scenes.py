"""The table of painters: a further place is a row here and a function beside its like."""

from collections.abc import Callable

from sandbox.drawing.brush import Brush
from sandbox.drawing.palettes import Place
from sandbox.drawing.scenes_indoor import paint_library, paint_studio
from sandbox.drawing.scenes_nature import (
    paint_abstract,
    paint_beach,
    paint_desert,
    paint_forest,
    paint_garden,
    paint_mountains,
    paint_space,
)
from sandbox.drawing.scenes_town import paint_cafe, paint_city, paint_office, paint_paris

Painter = Callable[[Brush], None]

PAINTERS: dict[Place, Painter] = {
    Place.BEACH: paint_beach,
    Place.CITY: paint_city,
    Place.FOREST: paint_forest,
    Place.SPACE: paint_space,
    Place.OFFICE: paint_office,
    Place.PARIS: paint_paris,
    Place.MOUNTAINS: paint_mountains,
    Place.CAFE: paint_cafe,
    Place.DESERT: paint_desert,
    Place.GARDEN: paint_garden,
    Place.LIBRARY: paint_library,
    Place.STUDIO: paint_studio,
    Place.ABSTRACT: paint_abstract,
}
