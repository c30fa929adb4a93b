//! The author's pages.

pub mod course_delete;
pub mod course_edit;
pub mod course_new;
pub mod course_progress;
pub mod courses;
pub mod delete_form;
pub mod layout;
pub mod lesson_delete;
pub mod lesson_edit;
pub mod lesson_form;
pub mod lesson_move;
pub mod lesson_new;
pub mod lesson_versions;
pub mod overview;
pub mod people;
pub mod people_waiting;
pub mod person;
pub mod person_access;
pub mod product_delete;
pub mod product_edit;
pub mod products;
pub mod sales;
pub mod section_delete;
pub mod section_edit;
