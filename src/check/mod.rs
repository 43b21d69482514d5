//! The rule book: every rule of the language that a resolved schema must keep, called in order.
//!
//! A rule is a function named as the fact that must hold. It takes one part of the schema, returns early where
//! the fact does not concern it, and reports at most one cause. Rules see only what resolution left sound.

mod actions;
mod collisions;
mod cycles;
mod indexes;
mod keys;
mod meant;
mod models;
mod names;
mod patterns;
mod properties;
mod refused;
mod relations;
mod tables;
mod view;
mod views;
mod warnings;

use crate::diagnostic::Diagnostics;
use crate::graph::Resolved;
use crate::patch::Patches;
use view::Book;

/// Checks everything that holds of a schema whoever reads it.
pub(crate) fn check(resolved: &Resolved, patches: &Patches<'_>, findings: &mut Diagnostics) {
    let book = Book::new(resolved, patches);

    names::datasources_are_well_named(&book, findings);
    collisions::datasources_are_distinct(&book, findings);
    collisions::types_are_distinct(&book, findings);
    collisions::modules_are_distinct(&book, findings);
    collisions::accessors_are_distinct(&book, findings);
    tables::tables_are_distinct(&book, findings);
    tables::index_names_are_distinct(&book, findings);

    for item in book.enums() {
        names::enum_is_well_named(item, findings);
        models::enum_has_distinct_variants(&book, item, findings);
        warnings::enum_is_used(&book, item, findings);
    }

    for model in book.models() {
        names::model_is_well_named(model, findings);
        names::table_is_well_named(model, findings);
        collisions::members_are_distinct(model, findings);
        collisions::upserts_are_distinct(model, findings);
        collisions::records_are_distinct(model, findings);
        tables::columns_are_distinct(model, findings);
        models::rows_have_an_identity(model, findings);
        models::values_have_parts(model, findings);
        models::abstract_models_have_no_table(model, findings);
        models::flags_of_the_base_stay(model, findings);
        models::values_are_plain(&book, model, findings);
        properties::one_version_at_most(model, findings);
        properties::inherited_counters_stay_whole(model, findings);
        indexes::indexed_types_can_be_compared(model, findings);
        indexes::keys_have_few_properties(model, findings);
        indexes::keys_are_short_enough(model, findings);
        indexes::indexes_differ(model, findings);
        relations::names_are_free(model, findings);
        relations::relations_differ(model, findings);
        relations::discriminators_are_of_one_key(model, findings);

        for property in model.own_properties() {
            names::property_is_well_named(property, findings);
            properties::identity_is_required(property, findings);
            properties::generated_values_can_be_generated(property, findings);
            properties::version_is_a_counter(property, findings);
            properties::lengths_belong_to_strings(property, findings);
            properties::pattern_compiles(property, findings);
            properties::bounds_belong_to_numbers(property, findings);
            properties::digits_belong_to_decimals(property, findings);
            properties::default_keeps_the_constraints(property, findings);
        }

        for relation in model.relations() {
            names::relation_is_well_named(relation, findings);
            relations::name_is_not_its_key(relation, findings);
            relations::through_keys_differ(relation, findings);
            relations::writes_stay_in_one_datasource(relation, findings);
            meant::added_key_was_not_declared(relation, findings);
            meant::many_may_have_the_key(relation, findings);
            meant::key_can_be_given(relation, findings);
            meant::key_leads_elsewhere(relation, findings);
            meant::through_keys_are_not_swapped(relation, findings);
            meant::discriminator_holds_names(relation, findings);
            keys::references_are_a_list(relation, findings);
            keys::key_types_agree(relation, findings);
            keys::targets_agree(relation, findings);
            keys::key_can_be_compared(relation, findings);
            keys::referenced_key_is_unique(relation, findings);
            keys::required_agrees_with_the_key(relation, findings);
            actions::foreign_key_is_possible(relation, findings);
            actions::sides_agree_on_the_foreign_key(relation, findings);
            actions::foreign_key_stays_in_its_datasource(relation, findings);
            actions::actions_stay_in_their_datasource(relation, findings);
            actions::actions_stand_on_the_key_side(relation, findings);
            actions::unset_key_is_optional(relation, findings);
            actions::self_relation_does_not_cascade_updates(relation, findings);
            warnings::key_is_not_of_another_relation(relation, findings);
        }
    }

    for view in &book.graph.views {
        names::view_is_well_named(&book, view, findings);
        collisions::fields_are_distinct(&book, view, findings);
        views::view_shows_something(view, findings);
    }

    views::views_end(&book, findings);
    cycles::first_rows_can_be_stored(&book, findings);
    cycles::values_are_finite(&book, findings);
    cycles::deletes_stop_somewhere(&book, findings);
}
