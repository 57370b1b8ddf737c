//! The program whose orders are known by combinatorics; the benchmark has it from here as well.

/// `tasks` threads that each add 1 to a counter so many times, in two steps.
pub fn counter(tasks: u32, rounds: u32) -> String {
    format!(
        "import threading
counter = 0
def work():
    global counter
    for _ in range({rounds}):
        tmp = counter
        counter = tmp + 1
threads = [threading.Thread(target=work) for _ in range({tasks})]
for t in threads: t.start()
for t in threads: t.join()
print(counter)
"
    )
}
