//! Results as a Markdown table or as a line of JSON each. Knows nothing of how they came about.

#![allow(clippy::print_stdout, reason = "the tables are what this program is for")]

use std::time::Duration;

use crate::measure::Taken;

/// One way of doing something, and what it took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    /// Who: the form of the hand-written code, or the way of using Relata.
    pub(crate) who: &'static str,
    pub(crate) taken: Taken,
}

/// How results are printed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Report {
    pub(crate) json: bool,
}

impl Report {
    pub(crate) fn title(self, text: &str) {
        if !self.json {
            println!("\n{text}\n");
        }
    }

    /// The head of what [`compared`](Self::compared) prints.
    pub(crate) fn head(self) {
        if !self.json {
            println!(
                "| W | rows | hand-written | ops/s | p50 µs | CPU µs | Relata | ops/s | p50 µs | CPU µs | p50 ratio | CPU ratio |"
            );
            println!("| --- | ---: | --- | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |");
        }
    }

    /// Hand-written forms, of which the best counts, beside Relata.
    pub(crate) fn compared(self, backend: &str, workload: &str, rows: usize, hand: &[Line], relata: &[Line]) {
        if self.json {
            let hand = hand.iter().map(|line| (format!("hand-written, {}", line.who), line.taken));
            let relata = relata.iter().map(|line| (line.who.to_owned(), line.taken));
            for (peer, taken) in hand.chain(relata) {
                json(&peer, backend, workload, rows, taken);
            }
            return;
        }
        let Some(best) = hand.iter().min_by_key(|line| line.taken.p50) else { return };
        for line in relata {
            println!(
                "| {workload} | {rows} | {} | {} | {} | {} | {:.2} | {:.2} |",
                best.who,
                numbers(best.taken),
                line.who,
                numbers(line.taken),
                line.taken.p50.as_secs_f64() / best.taken.p50.as_secs_f64(),
                line.taken.cpu.as_secs_f64() / best.taken.cpu.as_secs_f64(),
            );
        }
        for other in hand.iter().filter(|line| line.who != best.who) {
            println!("| {workload} | {rows} | {} | {} | | | | | | |", other.who, numbers(other.taken));
        }
    }

    /// Many tasks at once: each way of reading alone, and beside a slow read.
    pub(crate) fn together(self, backend: &str, ways: &[[Line; 2]]) {
        if !self.json {
            println!(
                "| W9 over | ops/s | p50 µs | p99 µs | CPU µs | beside a slow read: ops/s | p50 µs | p99 µs | longest µs |"
            );
            println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        }
        for [alone, beside] in ways {
            if self.json {
                json(alone.who, backend, "W9", 1, alone.taken);
                json(&format!("{}, beside a slow read", beside.who), backend, "W9", 1, beside.taken);
                continue;
            }
            println!(
                "| {} | {:.0} | {} | {} | {} | {:.0} | {} | {} | {} |",
                alone.who,
                alone.taken.ops_per_s,
                micros(alone.taken.p50),
                micros(alone.taken.p99),
                micros(alone.taken.cpu),
                beside.taken.ops_per_s,
                micros(beside.taken.p50),
                micros(beside.taken.p99),
                micros(beside.taken.max),
            );
        }
    }
}

fn numbers(taken: Taken) -> String {
    format!("{:.0} | {} | {}", taken.ops_per_s, micros(taken.p50), micros(taken.cpu))
}

/// Three digits or more.
fn micros(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    let places = if micros < 10.0 { 2 } else { usize::from(micros < 100.0) };
    format!("{micros:.places$}")
}

fn json(peer: &str, backend: &str, workload: &str, rows: usize, taken: Taken) {
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    println!(
        "{{\"peer\":\"{peer}\",\"backend\":\"{backend}\",\"workload\":\"{workload}\",\"rows\":{rows},\"ops_per_s\":{:.1},\"p50_us\":{:.2},\"p99_us\":{:.2},\"cpu_us\":{:.2}}}",
        taken.ops_per_s,
        micros(taken.p50),
        micros(taken.p99),
        micros(taken.cpu)
    );
}
