//! The author's pages.

pub mod course_delete;
pub mod course_edit;
pub mod course_import;
pub mod course_new;
pub mod courses;
pub mod delete_form;
mod import_changes;
pub mod import_preview;
pub mod layout;
pub mod lesson_delete;
pub mod lesson_draft;
pub mod lesson_edit;
pub mod lesson_form;
pub mod lesson_move;
pub mod lesson_new;
pub mod lesson_versions;
pub mod lessons_bulk;
mod outline;
pub mod overview;
pub mod product_delete;
pub mod product_edit;
pub mod products;
mod refused;
pub mod sales;
pub mod section_delete;
pub mod section_edit;
