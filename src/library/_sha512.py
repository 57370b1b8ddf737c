_K = []
_H = []
_MASK = 0xFFFFFFFFFFFFFFFF


def _root(n, power):
    low, high = 0, 1 << 80
    while high - low > 1:
        middle = (low + high) // 2
        if middle**power <= n << 64 * power:
            low = middle
        else:
            high = middle
    return low & _MASK


def _prepare():
    prime = 2
    while len(_K) < 80:
        if all(prime % d for d in range(2, int(prime**0.5) + 1)):
            _K.append(_root(prime, 3))
            if len(_H) < 8:
                _H.append(_root(prime, 2))
        prime += 1


def _turned(x, n):
    return (x >> n | x << (64 - n)) & _MASK


def sha512(data):
    if not _K:
        _prepare()
    length = len(data) * 8
    data = bytes(data) + b"\x80"
    data += bytes((112 - len(data)) % 128) + length.to_bytes(16, "big")
    state = list(_H)
    for at in range(0, len(data), 128):
        w = [int.from_bytes(data[at + i * 8 : at + i * 8 + 8], "big") for i in range(16)]
        for i in range(16, 80):
            a, b = w[i - 15], w[i - 2]
            s0 = _turned(a, 1) ^ _turned(a, 8) ^ a >> 7
            s1 = _turned(b, 19) ^ _turned(b, 61) ^ b >> 6
            w.append(w[i - 16] + s0 + w[i - 7] + s1 & _MASK)
        a, b, c, d, e, f, g, h = state
        for i in range(80):
            s1 = _turned(e, 14) ^ _turned(e, 18) ^ _turned(e, 41)
            t1 = h + s1 + (e & f ^ ~e & g) + _K[i] + w[i]
            s0 = _turned(a, 28) ^ _turned(a, 34) ^ _turned(a, 39)
            t2 = s0 + (a & b ^ a & c ^ b & c)
            a, b, c, d, e, f, g, h = t1 + t2 & _MASK, a, b, c, d + t1 & _MASK, e, f, g
        state = [x + y & _MASK for x, y in zip(state, (a, b, c, d, e, f, g, h))]
    return b"".join([x.to_bytes(8, "big") for x in state])
