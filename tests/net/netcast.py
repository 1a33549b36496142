"""Places and a day that the net's tests share. Real ground; nobody in particular."""

import datetime as dt

TODAY = dt.date(2021, 7, 1)
NANHU, XIUZHOU = "330402", "330411"
FENGQIAO, LIANFENG = "330402100", "330402100222"
PASSWORD = "heron-lake-42"
