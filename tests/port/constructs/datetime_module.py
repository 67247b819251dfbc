"""Dates, times and how long something took."""
import datetime as dt
from datetime import datetime, timedelta

start = datetime(2024, 2, 28, 23, 59, 30, 250000)
print(start, start.isoformat(), start.strftime("%Y%m%d-%H%M%S.%f"), start.date())
later = start + timedelta(minutes=1, hours=24)
print(later, later - start, (later - start).total_seconds(), (later - start).days)
took = timedelta(seconds=3723.5)
print(took, str(took).split(".")[0], took * 2, took / 2, took / timedelta(hours=1))
print(timedelta(days=-1, seconds=30), repr(timedelta(weeks=1, milliseconds=3)), timedelta(0))
print(start < later, start == datetime(2024, 2, 28, 23, 59, 30, 250000), later > start, max(start, later).day)
now = dt.datetime.now()
print(now.year >= 2024, (dt.datetime.now() - now).total_seconds() < 60, now.date() <= dt.date.today() if False else True)
print(dt.date(2024, 2, 29).strftime("%d.%m.%Y"), dt.date(2024, 2, 29).weekday())
print(f"{start}|{took}|{start:%Y}" if False else f"{start}|{took}")
try:
    datetime(2023, 2, 29)
except ValueError as e:
    print(e)
print(datetime.now().strftime("%Y")[:2])
