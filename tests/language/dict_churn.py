# A dict whose entries come and go keeps room in its index.
d = {}
for i in range(200):
    d[i % 7] = d.pop((i + 3) % 7, i)
    if len(d) > 2:
        del d[next(iter(d))]
    d.get("missing")
print(d)
