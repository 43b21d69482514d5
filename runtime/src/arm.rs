//! Relations to several models as types: the enum of them, and the arm that leads to one. Knows nothing of rows.

use std::marker::PhantomData;

use crate::meta::{Form, RelationMeta};
use crate::model::{Input, Joined, Model, Relation};
use crate::shape::Shape;

/// An enum of the rows of several models, one of which is `T`; emitted for each model that has nothing included yet.
#[diagnostic::on_unimplemented(
    message = "the relation does not lead to `{T}`, or what is wanted of it was said already",
    label = "no variant of this enum holds a plain `{T}`"
)]
pub trait Variant<T: Model>: Shape {
    /// The model's position among the targets.
    const AT: usize;

    /// The same enum, with rows of shape `C` of this model.
    type With<C: Shape<Model = T>>: Shape<Model = Self::Model>;
}

/// Of a relation `R` to several models, the part that leads to `T`: `comment::subject::post()`.
#[derive(Debug)]
pub struct Arm<R, T>(PhantomData<fn() -> (R, T)>);

impl<R: Relation<Target: Variant<T>>, T: Model> Relation for Arm<R, T> {
    type Source = R::Source;
    type Target = T;
    type Cardinality = R::Cardinality;
    type Key = R::Key;
    const INDEX: usize = R::INDEX;

    fn meta() -> &'static RelationMeta {
        let Form::Polymorphic(arms) = R::meta().form else {
            unreachable!("an enum of models is given by several arms")
        };
        &arms[<R::Target as Variant<T>>::AT]
    }
}

/// A relation to several models, of which `T` is in the source's database; see [`Joined`].
pub trait JoinedTo<T: Model>: Relation<Target: Variant<T>> {}

impl<R: JoinedTo<T>, T: Model> Joined for Arm<R, T> {}

/// A relation to one of several models whose rows hold the key: rows of `T` can be made through it.
pub trait ConstrainedTo<T: Model>: Relation<Target: Variant<T>> {
    /// The model's `New…` without the key that the relation fixes.
    type New: Input<Model = T>;
}
