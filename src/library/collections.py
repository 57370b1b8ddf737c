from _kernel import deque
