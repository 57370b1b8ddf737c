from _kernel import own_attributes as _own

_put = object.__setattr__
_drop = object.__delattr__
_base = dict


class dict(_base):
    def __init__(self, owner):
        super().__init__(_own(owner))
        self._owner = owner

    def _fresh(self):
        _base.clear(self)
        _base.update(self, _own(self._owner))

    def __setitem__(self, key, value):
        _put(self._owner, key, value)
        super().__setitem__(key, value)

    def __delitem__(self, key):
        self._fresh()
        super().__delitem__(key)
        _drop(self._owner, key)

    def update(self, *args, **kwds):
        for key, value in _base(*args, **kwds).items():
            self[key] = value

    def __ior__(self, other):
        self.update(other)
        return self

    def setdefault(self, key, default=None):
        self._fresh()
        if key not in self:
            self[key] = default
        return super().__getitem__(key)

    def pop(self, key, *default):
        self._fresh()
        found = key in self
        value = super().pop(key, *default)
        if found:
            _drop(self._owner, key)
        return value

    def popitem(self):
        self._fresh()
        key, value = super().popitem()
        _drop(self._owner, key)
        return key, value

    def clear(self):
        self._fresh()
        for key in list(super().keys()):
            _drop(self._owner, key)
        super().clear()

    def copy(self):
        return _own(self._owner)

    def __getitem__(self, key):
        self._fresh()
        return super().__getitem__(key)

    def __contains__(self, key):
        self._fresh()
        return super().__contains__(key)

    def __len__(self):
        self._fresh()
        return super().__len__()

    def __iter__(self):
        self._fresh()
        return super().__iter__()

    def __repr__(self):
        self._fresh()
        return super().__repr__()

    def __eq__(self, other):
        self._fresh()
        return super().__eq__(other)

    def get(self, key, default=None):
        self._fresh()
        return super().get(key, default)

    def keys(self):
        self._fresh()
        return super().keys()

    def values(self):
        self._fresh()
        return super().values()

    def items(self):
        self._fresh()
        return super().items()
