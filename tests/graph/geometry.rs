//! Where things stand: nothing overlaps, no line runs through a box or over a name, every line ends at its boxes.

use std::time::{Duration, Instant};

use relata_compiler::picture::PictureFormat;

use crate::drawing::{Area, Drawing, Wire};
use crate::schemas::{Dice, committed, drawn, random, svg_of};

#[track_caller]
fn is_in_order(name: &str, drawing: &Drawing) {
    let Drawing { page, frames, boxes, wires, names, titles } = drawing;
    for area in frames.iter().chain(boxes).chain(names).chain(titles) {
        assert!(page.holds(area), "{name}: {area:?} leaves the page");
    }
    for wire in wires {
        for segment in wire.segments() {
            assert!(page.holds(&Area::of_segment(segment)), "{name}: {wire:?} leaves the page");
        }
    }
    apart(name, frames);
    apart(name, boxes);
    apart(name, names);
    for (one, other) in names.iter().flat_map(|text| boxes.iter().map(move |area| (text, area))) {
        assert!(!one.overlaps(other), "{name}: the name {one:?} overlaps {other:?}");
    }
    for title in titles {
        assert!(!boxes.iter().chain(names).any(|area| area.overlaps(title)), "{name}: {title:?} is covered");
    }
    for area in boxes {
        let frame = frames.iter().filter(|frame| frame.overlaps(area)).collect::<Vec<_>>();
        assert!(frames.is_empty() || (frame.len() == 1 && frame[0].holds(area)), "{name}: {area:?} is in {frame:?}");
    }
    for wire in wires {
        runs_freely(name, drawing, wire);
    }
    no_line_lies_on_another(name, wires);
}

#[track_caller]
fn apart(name: &str, areas: &[Area]) {
    for (at, one) in areas.iter().enumerate() {
        for other in &areas[at + 1..] {
            assert!(!one.overlaps(other), "{name}: {one:?} overlaps {other:?}");
        }
    }
}

#[track_caller]
fn runs_freely(name: &str, drawing: &Drawing, wire: &Wire) {
    for (model, point) in [(&wire.from, wire.points[0]), (&wire.to, wire.points[wire.points.len() - 1])] {
        let area = drawing.named(model);
        let at_side = [area.left, area.right].iter().any(|side| (side - point.0).abs() < 0.1);
        let within = area.top < point.1 && point.1 < area.bottom;
        assert!(at_side && within, "{name}: {wire:?} does not end at the side of {area:?}");
    }
    for segment in wire.segments() {
        let ((x1, y1), (x2, y2)) = segment;
        let level = (y1 - y2).abs() < 0.1;
        assert!(level || (x1 - x2).abs() < 0.1, "{name}: {wire:?} is slanted");
        let line = Area::of_segment(segment);
        for area in &drawing.boxes {
            // Half a pixel of the line lies on the border where it ends.
            let inner = Area { left: area.left + 1.0, right: area.right - 1.0, ..area.clone() };
            assert!(!inner.overlaps(&line), "{name}: {wire:?} runs through {area:?}");
        }
        for text in &drawing.names {
            assert!(!text.overlaps(&line), "{name}: {wire:?} runs over the name {text:?}");
        }
        for title in &drawing.titles {
            assert!(!title.overlaps(&line), "{name}: {wire:?} runs over {title:?}");
        }
    }
}

/// Lines may cross; they may not share a way, or nobody could tell which one leads where.
#[track_caller]
fn no_line_lies_on_another(name: &str, wires: &[Wire]) {
    let mut pieces: Vec<(&str, bool, f64, f64, f64)> = Vec::new();
    for wire in wires {
        for ((x1, y1), (x2, y2)) in wire.segments() {
            let level = (y1 - y2).abs() < 0.1;
            let (at, from, to) = if level { (y1, x1.min(x2), x1.max(x2)) } else { (x1, y1.min(y2), y1.max(y2)) };
            pieces.push((&wire.id, level, at, from, to));
        }
    }
    pieces.sort_by(|a, b| a.1.cmp(&b.1).then(a.2.total_cmp(&b.2)));
    for (at, one) in pieces.iter().enumerate() {
        let near = pieces[at + 1..].iter().take_while(|other| other.1 == one.1 && other.2 - one.2 < 3.0);
        for other in near.filter(|other| other.0 != one.0) {
            let shared = one.4.min(other.4) - one.3.max(other.3);
            assert!(shared < 1.0, "{name}: {one:?} lies on {other:?}");
        }
    }
}

#[test]
fn the_committed_schemas_are_in_order() {
    for (name, path) in committed() {
        is_in_order(name, &Drawing::read(&drawn(&path, PictureFormat::Svg)));
    }
}

#[test]
fn random_schemas_are_in_order() {
    let mut dice = Dice(7);
    for round in 0..40 {
        let models = 1 + dice.below(if round % 10 == 0 { 90 } else { 25 });
        let datasources = 1 + dice.below(3);
        let schema = random(models, datasources, &mut dice);
        is_in_order(&format!("round {round}"), &Drawing::read(&svg_of(&schema)));
    }
}

#[test]
fn a_thousand_models_are_drawn_in_seconds() {
    let schema = random(1_000, 2, &mut Dice(3));
    let start = Instant::now();
    let svg = svg_of(&schema);
    // Unoptimised, on a machine that does other things too.
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    let drawing = Drawing::read(&svg);
    assert_eq!(drawing.boxes.len(), 1_002);
    is_in_order("a thousand", &drawing);
}

#[test]
fn what_belongs_together_stands_together() {
    let svg = drawn(&committed()[0].1, PictureFormat::Svg);
    let drawing = Drawing::read(&svg);
    let straight =
        drawing.wires.iter().filter(|wire| wire.segments().all(|((_, from), (_, to))| (from - to).abs() < 0.1));
    assert!(straight.count() >= 3, "most lines of the shop are straight");
    assert!(drawing.page.right < 1_200.0 && drawing.page.bottom < 800.0, "it fits on a page: {:?}", drawing.page);
}
