use super::*;
use proptest::prelude::*;
use uuid::Uuid;

fn section(n: u128) -> SectionId {
    SectionId(Uuid::from_u128(1000 + n))
}

fn lesson(n: u128) -> LessonId {
    LessonId(Uuid::from_u128(n))
}

/// Sections that hold the lessons of these numbers.
fn tree(sections: &[&[u128]]) -> Tree {
    let branch = |(at, lessons): (usize, &&[u128])| Branch {
        id: section(at as u128),
        name: format!("Section {at}"),
        status: SectionStatus::Public,
        lessons: lessons
            .iter()
            .map(|n| Leaf { id: lesson(*n), name: format!("Lesson {n}"), status: LessonStatus::Public })
            .collect(),
    };
    Tree::new(sections.iter().enumerate().map(branch).collect())
}

fn shape(tree: &Tree) -> Vec<Vec<u128>> {
    tree.sections.iter().map(|section| section.lessons.iter().map(|lesson| lesson.id.0.as_u128()).collect()).collect()
}

fn fresh() -> Uuid {
    Uuid::from_u128(9999)
}

fn moved(from: &[&[u128]], lessons: &[u128], to: u128, before: Option<u128>) -> Option<Vec<Vec<u128>>> {
    let mut tree = tree(from);
    let lessons = lessons.iter().map(|n| lesson(*n)).collect();
    let change = Intent::MoveLessons { lessons, to: section(to), before: before.map(lesson) }.plan(&tree, fresh)?;
    tree.apply(&change).expect("fits the tree that it was planned on");
    Some(shape(&tree))
}

#[test]
fn a_selection_goes_where_it_is_dropped_in_the_order_that_it_has() {
    let from: [&[u128]; 2] = [&[1, 2, 3, 4], &[5, 6]];
    assert_eq!(moved(&from, &[4, 1], 1, Some(6)), Some(vec![vec![2, 3], vec![5, 1, 4, 6]]));
    assert_eq!(moved(&from, &[1, 6], 0, None), Some(vec![vec![2, 3, 4, 1, 6], vec![5]]));
    // Dropped before one of its own, it goes before the next that stays.
    assert_eq!(moved(&from, &[1, 2], 0, Some(2)), None);
    assert_eq!(moved(&from, &[1, 3], 0, Some(3)), Some(vec![vec![2, 1, 3, 4], vec![5, 6]]));
    assert_eq!(moved(&from, &[1], 0, Some(2)), None);
    assert_eq!(moved(&from, &[7], 0, None), None);
    assert_eq!(moved(&from, &[1], 2, None), None);
}

#[test]
fn a_step_ends_at_the_ends() {
    let tree = tree(&[&[1, 2], &[]]);
    let step = |row, up| Intent::step(&tree, row, up).and_then(|intent| intent.plan(&tree, fresh)).is_some();
    assert!(!step(Row::Lesson(lesson(1)), true) && step(Row::Lesson(lesson(1)), false));
    assert!(step(Row::Lesson(lesson(2)), true) && !step(Row::Lesson(lesson(2)), false));
    assert!(!step(Row::Section(section(0)), true) && step(Row::Section(section(0)), false));
}

#[test]
fn a_change_made_on_what_is_no_more_changes_nothing() {
    let mut now = tree(&[&[1, 2, 3], &[4]]);
    let plan = |intent: Intent| intent.plan(&tree(&[&[1, 2, 3], &[4]]), fresh).expect("changes something");
    let reorder = plan(Intent::MoveLessons { lessons: vec![lesson(3)], to: section(0), before: Some(lesson(1)) });
    let rename = plan(Intent::Rename { row: Row::Lesson(lesson(1)), name: "Mine".into() });
    let status = plan(Intent::SetStatus { rows: vec![Row::Lesson(lesson(1))], status: LessonStatus::Preview });
    let delete = plan(Intent::Delete { rows: vec![Row::Lesson(lesson(2))] });
    for change in [
        Intent::MoveLessons { lessons: vec![lesson(2)], to: section(1), before: None },
        Intent::Rename { row: Row::Lesson(lesson(1)), name: "Theirs".into() },
        Intent::SetStatus { rows: vec![Row::Lesson(lesson(1))], status: LessonStatus::Private },
    ] {
        now.apply(&plan(change)).expect("is the first");
    }
    let before = now.clone();
    for late in [&reorder, &rename, &status] {
        assert_eq!(now.apply(late), Err(Stale));
        assert_eq!(now, before);
    }
    now.apply(&delete).expect("the lesson is there still, elsewhere");
    assert_eq!(now.apply(&plan(Intent::Delete { rows: vec![Row::Lesson(lesson(2))] })), Ok(()), "the same deletion");
    let other =
        OutlineChange::Delete { deletion: DeletionId(Uuid::from_u128(8)), sections: vec![], lessons: vec![lesson(2)] };
    assert_eq!(now.apply(&other), Err(Stale));
}

#[test]
fn an_arrangement_must_hold_the_same_rows_once_each() {
    let mut now = tree(&[&[1, 2], &[3]]);
    let places = |lists: &[(u128, &[u128])]| Places {
        sections: None,
        lessons: lists.iter().map(|(at, ids)| (section(*at), ids.iter().map(|n| lesson(*n)).collect())).collect(),
    };
    let seen = places(&[(0, &[1, 2]), (1, &[3])]);
    for wrong in [
        places(&[(0, &[1]), (1, &[3])]),
        places(&[(0, &[1, 2, 2]), (1, &[3])]),
        places(&[(0, &[1, 2, 4]), (1, &[3])]),
        places(&[(0, &[2, 1])]),
        places(&[(0, &[2, 1]), (0, &[3])]),
        Places { sections: Some(vec![]), ..seen.clone() },
    ] {
        assert_eq!(now.apply(&OutlineChange::Arrange { seen: seen.clone(), wanted: wrong }), Err(Stale));
    }
    assert_eq!(shape(&now), [vec![1, 2], vec![3]]);
}

fn intents() -> impl Strategy<Value = Intent> {
    let row = prop_oneof![
        (0..4_u128).prop_map(|n| Row::Section(section(n))),
        (0..9_u128).prop_map(|n| Row::Lesson(lesson(n)))
    ];
    let status = prop_oneof![Just(LessonStatus::Public), Just(LessonStatus::Private), Just(LessonStatus::Preview)];
    prop_oneof![
        (prop::collection::vec(0..9_u128, 1..4), 0..4_u128, prop::option::of(0..9_u128)).prop_map(
            |(lessons, to, before)| {
                let lessons = lessons.into_iter().map(lesson).collect();
                Intent::MoveLessons { lessons, to: section(to), before: before.map(lesson) }
            }
        ),
        (0..4_u128, prop::option::of(0..4_u128))
            .prop_map(|(id, before)| Intent::MoveSection { section: section(id), before: before.map(section) }),
        (row.clone(), "[a-c]{0,2}").prop_map(|(row, name)| Intent::Rename { row, name }),
        (prop::collection::vec(row.clone(), 1..4), status)
            .prop_map(|(rows, status)| Intent::SetStatus { rows, status }),
        prop::collection::vec(row, 1..4).prop_map(|rows| Intent::Delete { rows }),
        "[a-c]{0,2}".prop_map(|name| Intent::AddSection { name }),
        (0..4_u128, prop::option::of(0..9_u128), "[a-c]{0,2}").prop_map(|(id, after, name)| Intent::AddLesson {
            section: section(id),
            after: after.map(lesson),
            name,
        }),
    ]
}

proptest! {
    /// Undone in reverse, whatever was done leaves the outline as it was; done again, as it became.
    #[test]
    fn undo_and_redo_are_true(intents in prop::collection::vec(intents(), 1..12)) {
        let mut tree = tree(&[&[0, 1, 2, 3], &[], &[4, 5], &[6, 7, 8]]);
        let next = std::cell::Cell::new(5000);
        let fresh = || { next.set(next.get() + 1); Uuid::from_u128(next.get()) };
        let mut states = vec![tree.sections.clone()];
        let mut done = Vec::new();
        for intent in intents {
            let Some(change) = intent.plan(&tree, fresh) else { continue };
            prop_assert_eq!(tree.apply(&change), Ok(()));
            // An answer that was lost: it is sent again.
            let once = tree.sections.clone();
            prop_assert_eq!(tree.apply(&change), Ok(()));
            prop_assert_eq!(&once, &tree.sections);
            states.push(once);
            done.push(change);
        }
        let mut undone = Vec::new();
        for (change, before) in done.iter().rev().zip(states.iter().rev().skip(1)) {
            let back = tree.inverse(change, DeletionId(fresh()));
            prop_assert_eq!(tree.apply(&back), Ok(()));
            prop_assert_eq!(&tree.sections, before);
            undone.push(back);
        }
        for (change, after) in undone.iter().rev().zip(states.iter().skip(1)) {
            let again = tree.inverse(change, DeletionId(fresh()));
            prop_assert_eq!(tree.apply(&again), Ok(()));
            prop_assert_eq!(&tree.sections, after);
        }
    }
}
