import torchh

from solutions.part3.model import *
