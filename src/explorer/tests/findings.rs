//! What is found in some order of small programs.

use super::{explored, kinds, setting_of, settings};
use crate::explorer::{Mode, Options};

/// Explores in both exhaustive modes; the findings, as `kind variable`, and what the first one of that kind says.
#[track_caller]
fn check(version: &str, text: &str, expected: &[&str]) {
    let counts = explored(text, &setting_of(version), &Options::default());
    let options = Options {
        mode: Mode::Reduced,
        ..Options::default()
    };
    let reduced = explored(text, &setting_of(version), &options);
    assert_eq!(kinds(&reduced), kinds(&counts), "reduced");
    let found: Vec<String> = kinds(&counts)
        .iter()
        .map(|(kind, variable)| format!("{kind} {variable}").trim().to_owned())
        .collect();
    let told: Vec<&String> = counts.findings.iter().map(|it| &it.message).collect();
    assert_eq!(found, expected, "{told:#?}");
    for finding in &counts.findings {
        assert!(!finding.steps.is_empty(), "{finding:?}");
    }
}

#[test]
fn an_update_that_changes_nothing_is_lost_all_the_same() {
    let text = "import threading
flag = False
def switch_on():
    global flag
    was = flag
    flag = was | True
ts = [threading.Thread(target=switch_on) for _ in range(2)]
for t in ts: t.start()
for t in ts: t.join()
print(flag)
";
    check(
        "free-threaded",
        text,
        &["data-race flag", "lost-update flag"],
    );
    // With the lock around each half there is no race any more, and the update is lost as before.
    let text = "import threading
flag = False
lock = threading.Lock()
def switch_on():
    global flag
    with lock:
        was = flag
    with lock:
        flag = was | True
ts = [threading.Thread(target=switch_on) for _ in range(2)]
for t in ts: t.start()
for t in ts: t.join()
print(flag)
";
    check("free-threaded", text, &["lost-update flag"]);
}

#[test]
fn a_check_does_not_hold_any_more() {
    let text = "import threading
left = 1
lock = threading.Lock()
def take():
    global left
    with lock:
        enough = left > 0
    with lock:
        if enough:
            left = 0
ts = [threading.Thread(target=take) for _ in range(2)]
for t in ts: t.start()
for t in ts: t.join()
";
    check("free-threaded", text, &["check-then-act left"]);
    // What is written does not follow from what was looked at.
    let text = "import threading
left = 1
lock = threading.Lock()
def take():
    global left
    with lock:
        if left > 0:
            print('some')
    with lock:
        left -= 1
ts = [threading.Thread(target=take) for _ in range(2)]
for t in ts: t.start()
for t in ts: t.join()
print(left)
";
    check("free-threaded", text, &[]);
}

#[test]
fn who_checks_again_is_safe() {
    let text = "import threading
one = None
lock = threading.Lock()
def get():
    global one
    with lock:
        if one is None:
            one = 1
    return one
ts = [threading.Thread(target=get) for _ in range(2)]
for t in ts: t.start()
for t in ts: t.join()
print(one)
";
    check("3.12", text, &[]);
}

#[test]
fn a_race_that_a_flag_hides() {
    // The two accesses to data never stand side by side, but only the flag, a race itself, keeps them apart.
    let text = "import threading
data = 0
ready = False
def make():
    global data, ready
    data = 1
    ready = True
def use():
    if ready:
        print(data)
ts = [threading.Thread(target=make), threading.Thread(target=use)]
for t in ts: t.start()
for t in ts: t.join()
";
    check(
        "free-threaded",
        text,
        &["data-race data", "data-race ready"],
    );
}

#[test]
fn a_thread_is_joined() {
    let text = "import threading
data = 0
def make():
    global data
    data = 1
t = threading.Thread(target=make)
data = 5
t.start()
t.join()
data += 1
print(data)
";
    check("free-threaded", text, &[]);
}

#[test]
fn one_update_in_one_step_does_not_race_with_another() {
    let text = "import threading
counter = 0
def add():
    global counter
    for _ in range(2):
        counter += 1
ts = [threading.Thread(target=add) for _ in range(2)]
for t in ts: t.start()
for t in ts: t.join()
print(counter)
";
    check("3.12", text, &[]);
    check("3.9", text, &["data-race counter", "lost-update counter"]);
}

#[test]
fn what_each_thread_makes_for_itself_does_not_race() {
    let text = "import threading
class Account:
    def __init__(self):
        self.balance = 0
accounts = []
def work():
    account = Account()
    accounts.append(account)
    seen = account.balance
    account.balance = seen + 1
ts = [threading.Thread(target=work) for _ in range(2)]
for t in ts: t.start()
for t in ts: t.join()
print(sum(account.balance for account in accounts))
";
    check("free-threaded", text, &[]);
    check("3.12", text, &[]);
    // What one of them made and two others use does.
    let text = "import threading
class Account:
    def __init__(self):
        self.balance = 0
accounts = []
def open_account():
    accounts.append(Account())
def work():
    accounts[0].balance += 1
maker = threading.Thread(target=open_account)
maker.start(); maker.join()
ts = [threading.Thread(target=work) for _ in range(2)]
for t in ts: t.start()
for t in ts: t.join()
print(accounts[0].balance)
";
    check(
        "free-threaded",
        text,
        &["data-race Account.balance", "lost-update Account.balance"],
    );
}

#[test]
fn a_wake_up_is_lost() {
    let text = "import threading
changed = threading.Condition()
ready = False
def wait():
    if not ready:
        with changed:
            changed.wait()
def tell():
    global ready
    ready = True
    with changed:
        changed.notify()
ts = [threading.Thread(target=wait), threading.Thread(target=tell)]
for t in ts: t.start()
for t in ts: t.join()
";
    check(
        "free-threaded",
        text,
        &["data-race ready", "lost-wakeup changed"],
    );
}

#[test]
fn nobody_tells_of_a_change() {
    let text = "import threading
done = threading.Event()
t = threading.Thread(target=done.wait)
t.start(); t.join()
";
    check("3.12", text, &["deadlock"]);
}

#[test]
fn locks_in_different_orders() {
    let text = "import threading
one = threading.Lock()
two = threading.Lock()
def take(first, second):
    with first:
        print('first')
        with second:
            pass
ts = [threading.Thread(target=take, args=a) for a in [(one, two), (two, one)]]
for t in ts: t.start()
for t in ts: t.join()
";
    check("3.12", text, &["deadlock two", "lock-order one, two"]);
    // A run without any preemption is lucky, and shows it all the same.
    let options = Options {
        mode: Mode::Preemptions(0),
        ..Options::default()
    };
    let lucky = explored(text, &setting_of("3.12"), &options);
    assert!(!lucky.complete);
    assert_eq!(kinds(&lucky), [("lock-order", String::from("one, two"))]);
    // One lock around both keeps them apart.
    let text = text.replace(
        "    with first:\n        print('first')",
        "    with gate, first:",
    );
    let text = text.replace("one = ", "gate = threading.Lock()\none = ");
    check("3.12", &text, &[]);
    let safe = explored(&text, &setting_of("3.12"), &options);
    assert_eq!(kinds(&safe), []);
}

#[test]
fn assertions_and_exceptions() {
    let text = "import threading
counter = 0
def add():
    global counter
    seen = counter
    counter = seen + 1
ts = [threading.Thread(target=add) for _ in range(2)]
for t in ts: t.start()
for t in ts: t.join()
assert counter == 2, 'one is gone'
";
    check(
        "free-threaded",
        text,
        &["assertion", "data-race counter", "lost-update counter"],
    );
    let text = "import threading
d = {'k': 1}
def take():
    if 'k' in d:
        d.pop('k')
ts = [threading.Thread(target=take) for _ in range(2)]
for t in ts: t.start()
for t in ts: t.join()
";
    check("free-threaded", text, &["check-then-act d", "exception"]);
}

#[test]
fn a_thread_starves() {
    // Both others hand the lock to each other for ever; nobody has to let the third one have it.
    let text = "import threading
lock = threading.Lock()
done = False
def spin():
    while True:
        with lock:
            if done:
                break
def stop():
    global done
    with lock:
        done = True
ts = [threading.Thread(target=f) for f in (spin, spin, stop)]
for t in ts: t.start()
for t in ts: t.join()
";
    check("free-threaded", text, &["starvation"]);
    // Who can always go on gets its turn: only an unfair scheduler lets it starve.
    let text = "import threading
done = False
def spin():
    while not done:
        pass
def stop():
    global done
    done = True
ts = [threading.Thread(target=f) for f in (spin, stop)]
for t in ts: t.start()
for t in ts: t.join()
";
    check("free-threaded", text, &["data-race done"]);
}

#[test]
fn the_expected_output_is_a_property() {
    let text = super::counter(2, 1);
    let mut report = explored(&text, &setting_of("3.9"), &Options::default());
    report.hold_to("2\n");
    let broken: Vec<_> = report
        .findings
        .iter()
        .filter(|it| it.kind == "expectation")
        .collect();
    assert_eq!(broken.len(), 1);
    assert!(
        broken[0].message.contains("\"1\\n\""),
        "{}",
        broken[0].message
    );
    let mut report = explored(&text, &setting_of("3.12"), &Options::default());
    report.hold_to("2\n");
    assert!(report.findings.is_empty());
}

/// Two threads take two locks of a program in opposite order: what the deadlock says.
#[track_caller]
fn names(made: &str, of: &str, expected: [&str; 2]) {
    let text = format!(
        "import threading
class Account:
    def __init__(self, money):
        self.money = money
        self.lock = threading.Lock()
{made}
def f(i):
    with {}:
        with {}: pass
ts = [threading.Thread(target=f, args=(i,)) for i in range(2)]
for t in ts: t.start()
for t in ts: t.join()
",
        of.replace('#', "i"),
        of.replace('#', "1 - i")
    );
    let report = explored(
        &text,
        &settings("free-threaded", "3.13"),
        &Options::default(),
    );
    let found = |kind| report.findings.iter().find(|it| it.kind == kind);
    let [one, other] = expected;
    let message = &found("deadlock").expect("a deadlock").message;
    let told = format!(
        "Thread-1 waits for {other}, which Thread-2 holds. Thread-2 waits for {one}, which Thread-1 holds."
    );
    assert!(message.starts_with(&told), "{message}");
    let order = found("lock-order").expect("an inversion");
    assert_eq!(order.variable, format!("{one}, {other}"));
}

#[test]
fn locks_are_called_by_their_places() {
    let lists = "locks = [threading.Lock() for _ in range(2)]";
    names(lists, "locks[#]", ["locks[0]", "locks[1]"]);
    let appended = "locks = []\nfor i in range(2): locks.append(threading.RLock())";
    names(appended, "locks[#]", ["locks[0]", "locks[1]"]);
    let pair = "pair = (threading.Lock(), threading.Lock())";
    names(pair, "pair[#]", ["pair[0]", "pair[1]"]);
    let dict = "locks = {'a': threading.Lock(), 'b': threading.Lock()}";
    names(dict, "locks['ab'[#]]", ["locks['a']", "locks['b']"]);
    let accounts = "accounts = [Account(1), Account(2)]";
    names(
        accounts,
        "accounts[#].lock",
        ["accounts[0].lock", "accounts[1].lock"],
    );
    // A name of its own stays.
    names(
        "a = threading.Lock()\nb = threading.Lock()\nlocks = [a, b]",
        "locks[#]",
        ["a", "b"],
    );
}
