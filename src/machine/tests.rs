//! Small programs through the machine alone, with the simplest of drivers: one thread, time that jumps.

use super::setup::Setup;
use super::{Clock, Limits, Machine, Stop, Trap};
use crate::bytecode::compile::{Options, compile};
use crate::bytecode::preemption::{PreemptionRules, Version};
use crate::source::Source;
use crate::syntax::{Known, check as check_syntax};
use crate::trace::{NEVER, Recorder, Summary};

fn run(text: &str) -> (String, String, Machine) {
    let source = Source::new("t.py", text);
    let checked = match check_syntax(&source, &Known::everything()) {
        Ok(checked) => checked,
        Err(problems) => panic!(
            "{}",
            problems
                .iter()
                .map(|p| p.render(&source))
                .collect::<String>()
        ),
    };
    let code = compile(&checked, &Options { user: true })
        .unwrap_or_else(|p| panic!("{}", p.render(&source)));
    let setup = Setup {
        file: "t.py".into(),
        source: text.into(),
        version: Version::V3_12,
        rules: PreemptionRules::of(Version::V3_12),
        limits: Limits {
            heap: 1 << 26,
            output: 1 << 20,
            tasks: 100_000,
            recursion: 1000,
            instructions: u64::MAX,
        },
        cores: 1,
        recorder: Recorder::new(),
    };
    let mut machine = Machine::new(setup, &code);
    let mut now = 0;
    loop {
        machine.clock = Clock {
            base: now,
            at: machine.executed,
            cost: 50,
            core: 0,
        };
        let stop = machine.run(0, 10_000_000, None);
        now = machine.now();
        match stop {
            Stop::Trap(Trap::Write) => machine.deliver(0, super::value::Value::NONE),
            Stop::Trap(
                Trap::Sleep(ns) | Trap::Reply { ns, .. } | Trap::Native(ns) | Trap::Compute(ns),
            ) => {
                now += ns;
                machine.deliver(0, super::value::Value::NONE);
            }
            Stop::Trap(Trap::Poll { deadline, .. }) => {
                if deadline == NEVER {
                    return finish(machine, "deadlock");
                }
                now = now.max(deadline);
                machine.deliver(0, super::value::Value::NONE);
            }
            Stop::Signalled => machine.signals.clear(),
            Stop::Ended(None) => return finish(machine, "finished"),
            other => {
                let end = format!("{other:?}");
                return finish(machine, &end);
            }
        }
    }
}

fn finish(mut machine: Machine, end: &str) -> (String, String, Machine) {
    let recorder = std::mem::replace(&mut machine.recorder, Recorder::off());
    let trace = recorder.finish(Summary::default());
    let text = [trace.stdout(), trace.stderr()].concat();
    (
        String::from_utf8_lossy(&text).into_owned(),
        end.to_owned(),
        machine,
    )
}

fn check(text: &str, expected: &str) {
    let (out, end, _) = run(text);
    assert_eq!(out.trim_end(), expected.trim(), "{end}\n{text}");
}

#[test]
fn language() {
    check("print(1 + 2, 'a' * 3)", "3 aaa");
    check(
        "def f(x, *a, y=2, **k):\n    return x, a, y, k\nprint(f(1, 2, 3, z=4))",
        "(1, (2, 3), 2, {'z': 4})",
    );
    check(
        "t = 0\nfor i in range(10):\n    if i % 2: continue\n    t += i\nprint(t)",
        "20",
    );
    check(
        "def g():\n    yield 1\n    x = yield 2\n    print(x)\n    return 3\ni = g()\nprint(next(i), next(i))\ntry:\n    i.send('s')\nexcept StopIteration as e:\n    print(e.value)",
        "1 2\ns\n3",
    );
    check(
        "class A:\n    def __init__(self, n): self.n = n\n    def __add__(self, o): return A(self.n + o.n)\n    def __repr__(self): return f'A({self.n})'\nprint(A(1) + A(2), [A(3)])",
        "A(3) [A(3)]",
    );
    check(
        "class A:\n    def f(self): return 'A'\nclass B(A):\n    def f(self): return super().f() + 'B'\nprint(B().f())",
        "AB",
    );
    check(
        "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    print(e)\nfinally:\n    print('f')",
        "division by zero\nf",
    );
    check(
        "def f():\n    x = 0\n    def g():\n        nonlocal x\n        x += 1\n        return x\n    return g\ng = f()\ng()\nprint(g())",
        "2",
    );
    check(
        "print([x * y for x in range(3) for y in range(3) if x != y], {k: v for k, v in zip('ab', [1, 2])})",
        "[0, 0, 0, 2, 0, 2] {'a': 1, 'b': 2}",
    );
    check(
        "class M:\n    def __enter__(self):\n        print('in')\n        return 5\n    def __exit__(self, t, e, b):\n        print('out', t)\n        return True\nwith M() as x:\n    print(x)\n    raise ValueError('v')\nprint('after')",
        "in\n5\nout <class 'ValueError'>\nafter",
    );
    check(
        "def f():\n    try:\n        yield\n    finally:\n        print('closed')\ng = f()\nnext(g)\ndel g\nprint('end')",
        "closed\nend",
    );
    check(
        "a, *b, c = range(5)\nprint(a, b, c)\nd = {}\nd['k'] = 1\nd['k'] += 4\nprint(d, 'k' in d, len(d))",
        "0 [1, 2, 3] 4\n{'k': 5} True 1",
    );
}

#[test]
fn coroutines() {
    check(
        "import asyncio\nasync def f(n):\n    for i in range(2):\n        print(n, i)\n        await asyncio.sleep(0)\n    return n\nasync def main():\n    print(await asyncio.gather(f('a'), f('b')))\nasyncio.run(main())",
        "a 0\nb 0\na 1\nb 1\n['a', 'b']",
    );
    check(
        "import asyncio\nasync def f(n, s):\n    print('start', n)\n    await asyncio.sleep(s)\n    print('finish', n)\nasync def main():\n    t = asyncio.create_task(f(1, 2))\n    await f(2, 1)\n    await t\nasyncio.run(main())",
        "start 2\nstart 1\nfinish 2\nfinish 1",
    );
    check(
        "import asyncio\nasync def f():\n    try:\n        await asyncio.sleep(10)\n    finally:\n        print('cleanup')\nasync def main():\n    t = asyncio.create_task(f())\n    await asyncio.sleep(1)\n    t.cancel()\n    try:\n        await t\n    except asyncio.CancelledError:\n        print('cancelled')\n    try:\n        await asyncio.wait_for(asyncio.sleep(5), 1)\n    except TimeoutError:\n        print('timeout')\n    lock = asyncio.Lock()\n    async with lock:\n        print(lock.locked())\n    async with asyncio.TaskGroup() as g:\n        g.create_task(asyncio.sleep(1))\n    print('done')\nasyncio.run(main())",
        "cleanup\ncancelled\ntimeout\nTrue\ndone",
    );
}
