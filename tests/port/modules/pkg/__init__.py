from .shapes import Shape, area
from .extras import *
