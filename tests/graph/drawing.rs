//! An SVG as a browser sees it: boxes, lines, marks and names with their places.

use roxmltree::{Document, Node};

#[derive(Debug, Clone)]
pub(crate) struct Area {
    pub(crate) what: String,
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

#[derive(Debug)]
pub(crate) struct Wire {
    pub(crate) id: String,
    pub(crate) from: String,
    pub(crate) to: String,
    /// The corners, as if they were not rounded.
    pub(crate) points: Vec<(f64, f64)>,
}

#[derive(Debug)]
pub(crate) struct Drawing {
    pub(crate) page: Area,
    pub(crate) frames: Vec<Area>,
    pub(crate) boxes: Vec<Area>,
    pub(crate) wires: Vec<Wire>,
    pub(crate) names: Vec<Area>,
    /// Names of groups.
    pub(crate) titles: Vec<Area>,
}

impl Area {
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    pub(crate) fn holds(&self, other: &Self) -> bool {
        self.left <= other.left && other.right <= self.right && self.top <= other.top && other.bottom <= self.bottom
    }

    pub(crate) fn of_segment((from, to): ((f64, f64), (f64, f64))) -> Self {
        Self {
            what: format!("{from:?} – {to:?}"),
            left: from.0.min(to.0) - 0.5,
            right: from.0.max(to.0) + 0.5,
            top: from.1.min(to.1) - 0.5,
            bottom: from.1.max(to.1) + 0.5,
        }
    }
}

impl Wire {
    pub(crate) fn segments(&self) -> impl Iterator<Item = ((f64, f64), (f64, f64))> {
        self.points.windows(2).map(|pair| (pair[0], pair[1]))
    }
}

impl Drawing {
    pub(crate) fn read(svg: &str) -> Self {
        let document = Document::parse(svg).expect("it is XML");
        let root = document.root_element();
        assert_eq!(root.tag_name().name(), "svg");
        let elements = || root.descendants().filter(Node::is_element);
        let of = |class: &'static str| elements().filter(move |node| has_class(node, class));
        let rect = |node: Node<'_, '_>| area(node, node.parent_element().and_then(|of| of.attribute("id")));
        Self {
            page: of("page").map(rect).next().expect("there is a page"),
            frames: of("frame").map(rect).collect(),
            boxes: of("box").map(rect).collect(),
            wires: of("wire").map(wire).collect(),
            names: of("name").map(|node| text(node, 10.0)).collect(),
            titles: of("group").map(|node| text(node, 13.0)).collect(),
        }
    }

    pub(crate) fn named(&self, model: &str) -> &Area {
        let id = format!("entity-{model}");
        self.boxes.iter().find(|area| area.what == id).unwrap_or_else(|| panic!("there is no box `{model}`"))
    }
}

fn has_class(node: &Node<'_, '_>, class: &str) -> bool {
    node.attribute("class").is_some_and(|classes| classes.split(' ').any(|it| it == class))
}

fn number(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).map_or(0.0, |text| text.parse().expect("it is a number"))
}

fn area(node: Node<'_, '_>, what: Option<&str>) -> Area {
    let (left, top) = (number(node, "x"), number(node, "y"));
    let (right, bottom) = (left + number(node, "width"), top + number(node, "height"));
    Area { what: what.unwrap_or_default().to_owned(), left, top, right, bottom }
}

/// Where text stands in a font of usual width.
fn text(node: Node<'_, '_>, size: f64) -> Area {
    let shown = node.text().unwrap_or_default();
    let width = f64::from(u32::try_from(shown.chars().count()).expect("it is short")) * size * 0.56;
    let (x, base) = (number(node, "x"), number(node, "y"));
    let left = if node.attribute("text-anchor") == Some("end") { x - width } else { x };
    Area { what: shown.to_owned(), left, right: left + width, top: base - size * 0.8, bottom: base + size * 0.2 }
}

fn wire(node: Node<'_, '_>) -> Wire {
    let line = node.parent_element().expect("it stands in its line");
    let attribute = |name: &str| line.attribute(name).unwrap_or_default().to_owned();
    let mut points = Vec::new();
    let path = node.attribute("d").expect("it has a path");
    for command in path.split(['M', 'L', 'Q']).skip(1) {
        let numbers: Vec<f64> =
            command.split_whitespace().map(|number| number.parse().expect("a coordinate")).collect();
        // Of a rounded corner, the corner; of a line, where it ends. A line that only leads to a corner's
        // beginning lies on the way.
        points.push((numbers[0], numbers[1]));
    }
    Wire { id: attribute("id"), from: attribute("data-from"), to: attribute("data-to"), points }
}
