//! `compare loom|shuttle THREADS ROUNDS`: all orders of threads that each add 1 to a counter so many times, in two steps. Prints the
//! seconds of the search and the outcomes.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Instant;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [tool, threads, rounds] = &arguments[..] else {
        panic!("compare loom|shuttle THREADS ROUNDS");
    };
    let number = |text: &String| text.parse::<usize>().expect("a number");
    let (threads, rounds) = (number(threads), number(rounds));
    let seen: Arc<Mutex<BTreeSet<usize>>> = Arc::default();
    let outcomes = seen.clone();
    let start = Instant::now();
    match tool.as_str() {
        "loom" => {
            let mut builder = loom::model::Builder::new();
            builder.max_branches = 1_000_000;
            builder.check(move || {
                use loom::sync::atomic::{AtomicUsize, Ordering::SeqCst};
                let counter = loom::sync::Arc::new(AtomicUsize::new(0));
                let work = |counter: loom::sync::Arc<AtomicUsize>| {
                    move || {
                        for _ in 0..rounds {
                            let seen = counter.load(SeqCst);
                            counter.store(seen + 1, SeqCst);
                        }
                    }
                };
                let started: Vec<_> =
                    (0..threads).map(|_| loom::thread::spawn(work(counter.clone()))).collect();
                started.into_iter().for_each(|it| it.join().expect("no panic"));
                outcomes.lock().expect("no panic").insert(counter.load(SeqCst));
            });
        }
        "shuttle" => shuttle::check_dfs(
            move || {
                use shuttle::sync::atomic::{AtomicUsize, Ordering::SeqCst};
                let counter = shuttle::sync::Arc::new(AtomicUsize::new(0));
                let work = |counter: shuttle::sync::Arc<AtomicUsize>| {
                    move || {
                        for _ in 0..rounds {
                            let seen = counter.load(SeqCst);
                            counter.store(seen + 1, SeqCst);
                        }
                    }
                };
                let started: Vec<_> =
                    (0..threads).map(|_| shuttle::thread::spawn(work(counter.clone()))).collect();
                started.into_iter().for_each(|it| it.join().expect("no panic"));
                outcomes.lock().expect("no panic").insert(counter.load(SeqCst));
            },
            None,
        ),
        _ => panic!("loom or shuttle is expected"),
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{seconds} {:?}", seen.lock().expect("no panic"));
}
