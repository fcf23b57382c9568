"""Small shops with a known past, for the tests of targeting."""

import datetime as dt

import numpy as np

from omni_core import Workspace

PRODUCTS = "item,name,category,price,cost\np1,Tea,drinks,20,8\np2,Cup,kitchen,50,20\n"
EVENTS = """user,item,ts,event,order,quantity,amount,channel
ann,p1,2026-01-05 10:00:00,view,,,,app
ann,p1,2026-01-05 10:05:00,purchase,o1,1,20.00,app
ann,p2,2026-03-01 09:00:00,purchase,o2,2,100.00,website
ann,p1,2026-03-01 09:00:00,purchase,o2,1,20.00,website
bob,p2,2026-02-20 09:00:00,view,,,,website
bob,p2,2026-03-09 23:59:59,cart,,,,website
"""
CUSTOMERS = """user,age,gender,first_seen,consent_email
ann,31,女,2026-01-01,yes
bob,,男,2026-02-20,no
cat,44,女,2026-02-01,yes
"""
SENDS = """campaign,user,sent_at,arm,responded_at
jan,ann,2026-02-01 10:00:00,sms,2026-02-03 10:00:00
spring,ann,2026-03-10 10:00:00,sms,2026-03-12 10:00:00
spring,bob,2026-03-10 10:00:00,sms,
spring,ghost,2026-03-10 10:00:00,sms,
spring,cat,2026-03-10 10:00:00,control,
"""


def opened(folder, events, customers, sends, products=PRODUCTS):
    ws = Workspace.open(folder)
    files = {"events": events, "customers": customers, "sends": sends, "products": products}
    for name, text in files.items():
        report = ws.import_file(data=text.encode(), name=f"{name}.csv")
        assert report.status == "imported" and report.table == name and not report.rejected
    return ws


def grow(folder):
    """400 shoppers, five campaigns; keen ones order often and answer often; age says nothing."""
    rng = np.random.default_rng(5)
    events, sends, people = [EVENTS.splitlines()[0]], [SENDS.splitlines()[0]], []
    start = dt.datetime(2026, 1, 1, 12)
    for i in range(400):
        keen = rng.gamma(1.0, 1.0)
        people.append(f"=u{i:03},{rng.integers(18, 70)},{'女' if i % 2 else '男'},2025-12-01,"
                      f"{['yes', 'no', ''][i % 3]}")
        for day in np.flatnonzero(rng.random(180) < min(keen * 0.05, 0.9)):
            t = start + dt.timedelta(days=int(day))
            events.append(f"=u{i:03},p1,{t},purchase,o{i}-{day},1,20.00,app")
        for c, day in enumerate((40, 70, 100, 130, 160)):
            t = start + dt.timedelta(days=day)
            said = t + dt.timedelta(days=2) if rng.random() < min(0.25 * keen, 0.95) else ""
            sends.append(f"c{c},=u{i:03},{t},sms,{said}")
    head = CUSTOMERS.splitlines()[0]
    return opened(folder, "\n".join(events), "\n".join([head, *people]), "\n".join(sends))
