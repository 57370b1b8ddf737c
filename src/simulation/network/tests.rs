//! The network by itself: what calls answer, and when packets arrive.

use super::*;
use crate::machine::sockets::error;

const HOST: u32 = 0x7F00_0001;

/// A listener, and a client that has asked it for a connection, with packets that take 10.
fn connecting(backlog: usize) -> (Network, u32, u32) {
    let mut network = Network::new(10, 9);
    let listener = number(&mut network, Call::Open, 0);
    number(&mut network, Call::Bind(listener, (HOST, 80)), 0);
    number(&mut network, Call::Listen(listener, backlog), 0);
    let client = number(&mut network, Call::Open, 0);
    let answer = network.call(&Call::Connect(client, (HOST, 80)), 0);
    assert_eq!(answer, failed(error::IN_PROGRESS));
    (network, listener, client)
}

fn number(network: &mut Network, call: Call, now: u64) -> u32 {
    match network.call(&call, now) {
        Answer::Number(number) if number >= 0 => number as u32,
        other => panic!("{call:?} gives {other:?}"),
    }
}

fn failed(error: u8) -> Answer {
    Answer::Number(-i64::from(error))
}

fn receive(socket: u32) -> Call {
    Call::Receive {
        socket,
        most: 100,
        peek: false,
    }
}

fn accepted(network: &mut Network, listener: u32) -> u32 {
    match network.call(&Call::Accept(listener), 30) {
        Answer::Numbers(numbers) => numbers[0] as u32,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_connection_takes_three_packets() {
    let (mut network, listener, client) = connecting(5);
    for (now, writable, waiting) in [(9, false, false), (20, true, false), (30, true, true)] {
        network.deliver(now);
        assert_eq!(network.events(client) & WRITE != 0, writable, "{now}");
        assert_eq!(network.events(listener) & READ != 0, waiting, "{now}");
    }
    accepted(&mut network, listener);
    assert_eq!(
        network.call(&Call::Accept(listener), 30),
        failed(error::AGAIN)
    );
}

#[test]
fn data_takes_its_time_and_no_more_than_there_is_room_for() {
    let (mut network, listener, client) = connecting(5);
    network.deliver(30);
    let server = accepted(&mut network, listener);
    let send = Call::Send(client, Box::new([7; 20]));
    assert_eq!(number(&mut network, send.clone(), 30), 9);
    assert_eq!(network.call(&send, 30), failed(error::AGAIN));
    network.deliver(39);
    assert_eq!(network.call(&receive(server), 39), failed(error::AGAIN));
    network.deliver(40);
    assert_eq!(
        network.call(&receive(server), 40),
        Answer::Bytes(vec![7; 9])
    );
    // The sender learns of it one packet later.
    assert_eq!(network.call(&send, 49), failed(error::AGAIN));
    network.deliver(50);
    assert_eq!(number(&mut network, send, 50), 9);
}

#[test]
fn closing_with_unread_data_resets_the_connection() {
    let (mut network, listener, client) = connecting(5);
    network.deliver(30);
    let server = accepted(&mut network, listener);
    number(&mut network, Call::Send(client, Box::new([1])), 30);
    network.deliver(40);
    number(&mut network, Call::Close(server), 40);
    network.deliver(50);
    assert_eq!(network.call(&receive(client), 50), failed(error::RESET));
    let send = Call::Send(client, Box::new([1]));
    assert_eq!(network.call(&send, 50), failed(error::BROKEN_PIPE));
}

#[test]
fn a_full_queue_lets_clients_ask_again() {
    let (mut network, listener, _) = connecting(0);
    let late = number(&mut network, Call::Open, 0);
    network.call(&Call::Connect(late, (HOST, 80)), 1);
    network.deliver(1_000_000);
    assert_eq!(network.events(late) & WRITE, 0);
    accepted(&mut network, listener);
    network.deliver(1_000_000_011 + 20);
    assert_eq!(network.events(late) & WRITE, WRITE);
}

#[test]
fn nobody_listens() {
    let mut network = Network::new(10, 9);
    let client = number(&mut network, Call::Open, 0);
    network.call(&Call::Connect(client, (HOST, 80)), 0);
    network.deliver(20);
    assert_eq!(network.call(&Call::Error(client), 20), Answer::Number(111));
}
