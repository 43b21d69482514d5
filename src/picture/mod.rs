//! The schema as an entity-relationship picture: what is drawn, then one renderer a format.
//!
//! [`picture`] decides what there is to see: boxes, their rows, the lines between them and what stands at each
//! end. `mermaid`, `dot` and `svg` write it down; only the last knows of coordinates. Text in, text out: knows
//! nothing of files, and its output is the same on every machine.

mod dot;
mod entities;
mod layout;
mod lines;
mod mermaid;
mod select;
mod svg;

use std::collections::BTreeSet;

use crate::graph::Graph;

pub use select::{Selection, UnknownName};

/// Above so many lines of one kind at one box, the box's name in the other boxes says it better.
const MOST_LINES: usize = 5;

/// Everything that is drawn.
#[derive(Debug, Clone, Default)]
pub struct Picture {
    /// Datasources, where there are several; sorted by name.
    pub groups: Vec<Group>,
    /// Models sorted by name, then enums sorted by name.
    pub entities: Vec<Entity>,
    /// Sorted by the boxes that they join.
    pub lines: Vec<Line>,
}

/// A datasource.
#[derive(Debug, Clone)]
pub struct Group {
    /// As the schema calls it.
    pub name: String,
    /// What it holds.
    pub description: Option<String>,
}

/// One box.
#[derive(Debug, Clone)]
pub struct Entity {
    /// As the schema calls it; unique among all boxes.
    pub name: String,
    /// What it stands for.
    pub kind: EntityKind,
    /// Its table where the name does not say it.
    pub table: Option<String>,
    /// The name of the model that it extends.
    pub base: Option<String>,
    /// Index in [`Picture::groups`].
    pub group: Option<usize>,
    /// Properties, or the values of an enum.
    pub rows: Vec<Row>,
    /// As in the schema.
    pub description: Option<String>,
}

/// What a box stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntityKind {
    /// A model with rows of its own.
    Table,
    /// An abstract model that others extend.
    Base,
    /// An abstract model whose values are parts of rows.
    Value,
    /// A closed set of strings.
    Enum,
}

/// A property, or a value of an enum.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a mark of its own")]
pub struct Row {
    /// As the schema calls it.
    pub name: String,
    /// In the schema's words, with the digits of a decimal; empty for values of enums.
    pub ty: String,
    /// Part of the primary key.
    pub primary: bool,
    /// Part of a key that leads to another box.
    pub foreign: bool,
    /// No two rows have the same.
    pub unique: bool,
    /// May be absent.
    pub optional: bool,
    /// Never leaves the program.
    pub hidden: bool,
    /// As in the schema.
    pub description: Option<String>,
    /// The box of its type.
    pub of: Option<usize>,
}

/// How two boxes belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineKind {
    /// A relation that the database holds.
    Strong,
    /// A relation that the generated code alone holds.
    Weak,
    /// The first end's rows hold values of the second.
    Embeds,
    /// The second end extends the first.
    Extends,
}

/// One line; both directions of a relation are one.
#[derive(Debug, Clone)]
pub struct Line {
    /// How it is drawn.
    pub kind: LineKind,
    /// The box that is referred to, owns or is extended; then the box that holds the key, is embedded or extends.
    pub ends: [End; 2],
    /// One sentence for each relation that the line stands for.
    pub notes: Vec<String>,
}

/// Where a line meets a box.
#[derive(Debug, Clone)]
pub struct End {
    /// Index in [`Picture::entities`].
    pub entity: usize,
    /// How many of this box's rows one row of the other box is related to.
    pub count: Count,
    /// The relations of this box that lead along the line.
    pub names: Vec<String>,
}

/// How many rows stand at an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Exactly one.
    One,
    /// None or one.
    ZeroOrOne,
    /// Any number.
    Many,
}

/// How a picture is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    /// Rendered by GitHub, GitLab and many wikis.
    Mermaid,
    /// For Graphviz.
    Dot,
    /// A picture that needs nothing else.
    Svg,
}

/// The picture of a whole schema.
pub fn picture(graph: &Graph) -> Picture {
    let mut picture = entities::entities(graph);
    picture.lines = lines::lines(graph, &picture.entities);
    picture
}

/// The part of a picture that the selection names, written in that format.
///
/// # Errors
/// When the selection names a model that is not there.
pub fn render(graph: &Graph, selection: &Selection, format: PictureFormat) -> Result<String, UnknownName> {
    let picture = select::select(picture(graph), selection)?.thinned();
    Ok(match format {
        PictureFormat::Mermaid => mermaid::render(&picture),
        PictureFormat::Dot => dot::render(&picture),
        PictureFormat::Svg => svg::render(&picture),
    })
}

impl Picture {
    /// Datasources in which nothing stands have no frame.
    fn without_empty_groups(mut self) -> Self {
        let used: BTreeSet<usize> = self.entities.iter().filter_map(|entity| entity.group).collect();
        for entity in &mut self.entities {
            entity.group = entity.group.map(|group| used.range(..group).count());
        }
        let groups = std::mem::take(&mut self.groups).into_iter().enumerate();
        self.groups = groups.filter(|(at, _)| used.contains(at)).map(|(_, group)| group).collect();
        self
    }

    /// Without the lines that only repeat what the boxes say: a base that everything extends, or a value that is
    /// embedded everywhere, would tie the whole picture together.
    fn thinned(mut self) -> Self {
        let mut counts = vec![[0_usize; 2]; self.entities.len()];
        let place = |line: &Line| match line.kind {
            LineKind::Extends => Some((line.ends[0].entity, 0)),
            LineKind::Embeds => Some((line.ends[1].entity, 1)),
            LineKind::Strong | LineKind::Weak => None,
        };
        for (entity, kind) in self.lines.iter().filter_map(place) {
            counts[entity][kind] += 1;
        }
        self.lines.retain(|line| place(line).is_none_or(|(entity, kind)| counts[entity][kind] <= MOST_LINES));
        self
    }
}

impl Entity {
    /// What stands beside the name.
    fn subtitle(&self) -> Option<String> {
        let kind = match self.kind {
            EntityKind::Table => None,
            EntityKind::Base => Some("abstract"),
            EntityKind::Value => Some("value"),
            EntityKind::Enum => Some("enum"),
        };
        let base = self.base.as_ref().map(|base| format!("extends {base}"));
        let says: Vec<_> = self.table.iter().cloned().chain(kind.map(str::to_owned)).chain(base).collect();
        (!says.is_empty()).then(|| says.join(" · "))
    }

    /// Everything that has a description.
    fn tooltip(&self) -> String {
        let rows = self.rows.iter().filter_map(|row| Some(format!("{}: {}", row.name, row.description.as_ref()?)));
        let own = self.description.clone().unwrap_or_else(|| self.name.clone());
        std::iter::once(own).chain(rows).collect::<Vec<_>>().join("\n")
    }
}

impl Row {
    /// The keys that it is part of.
    fn marks(&self) -> String {
        let marks = [("PK", self.primary), ("FK", self.foreign), ("UK", self.unique)];
        marks.into_iter().filter_map(|(mark, is)| is.then_some(mark)).collect::<Vec<_>>().join(" ")
    }

    /// The type, with a question mark where a value may be absent.
    fn shown_type(&self) -> String {
        format!("{}{}", self.ty, if self.optional { "?" } else { "" })
    }
}

impl Line {
    /// The names of both directions.
    fn label(&self) -> String {
        let names = self.ends.iter().map(|end| end.names.join(", ")).filter(|names| !names.is_empty());
        names.collect::<Vec<_>>().join(" / ")
    }
}

/// Text within XML, or within Graphviz's likeness of it; characters that XML cannot hold become blanks.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push('\n'),
            '\u{fffe}' | '\u{ffff}' => escaped.push(' '),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
