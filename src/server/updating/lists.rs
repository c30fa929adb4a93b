//! Lists of ids: what moved between two orders, and where what only one of them has belongs in the other.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// The ids that moved from the one order to the other: all but a longest run that kept its order. What only one list
/// has did not move.
pub fn moved<T: Copy + Eq + Hash>(before: &[T], after: &[T]) -> HashSet<T> {
    let places: HashMap<T, usize> = before.iter().copied().zip(0..).collect();
    let common: Vec<(T, usize)> = after.iter().filter_map(|id| Some((*id, *places.get(id)?))).collect();
    // For each length of an increasing run the index of its smallest end so far, and for each item the one before it.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous = vec![None; common.len()];
    for (at, (_, place)) in common.iter().enumerate() {
        let length = ends.partition_point(|end| common[*end].1 < *place);
        previous[at] = length.checked_sub(1).map(|shorter| ends[shorter]);
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut moved: HashSet<T> = common.iter().map(|(id, _)| *id).collect();
    let mut at = ends.last().copied();
    while let Some(kept) = at {
        moved.remove(&common[kept].0);
        at = previous[kept];
    }
    moved
}

/// Puts what is kept into a wanted list: each after the one that it followed before, or first where it followed none
/// that is there.
pub fn with_kept<T: Copy + Eq>(mut wanted: Vec<T>, before: &[T], kept: impl Fn(T) -> bool) -> Vec<T> {
    for (at, id) in before.iter().enumerate().filter(|(_, id)| kept(**id)) {
        let neighbour = before[..at].iter().rev().find_map(|id| wanted.iter().position(|other| other == id));
        wanted.insert(neighbour.map_or(0, |neighbour| neighbour + 1), *id);
    }
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_moved_is_the_least_that_explains_the_order() {
        let moved = |before: &[u8], after: &[u8]| {
            let mut ids: Vec<u8> = moved(before, after).into_iter().collect();
            ids.sort_unstable();
            ids
        };
        assert!(moved(&[1, 2, 3, 4], &[1, 2, 3, 4]).is_empty());
        assert_eq!(moved(&[1, 2, 3, 4], &[4, 1, 2, 3]), [4]);
        assert_eq!(moved(&[1, 2, 3, 4], &[2, 3, 1, 4]), [1]);
        assert!(moved(&[1, 2, 3], &[9, 1, 8, 3]).is_empty());
        assert!(moved(&[], &[1]).is_empty());
    }

    #[test]
    fn what_is_kept_follows_whom_it_followed() {
        let kept = |wanted: &[u8], before: &[u8]| with_kept(wanted.to_vec(), before, |id| !wanted.contains(&id));
        assert_eq!(kept(&[1, 3], &[1, 2, 3]), [1, 2, 3]);
        assert_eq!(kept(&[3, 1], &[1, 2, 3]), [3, 1, 2]);
        assert_eq!(kept(&[2], &[1, 2]), [1, 2]);
        assert_eq!(kept(&[], &[1, 2, 3]), [1, 2, 3]);
        assert_eq!(kept(&[9, 1], &[1, 7, 8]), [9, 1, 7, 8]);
    }

    proptest! {
        #[test]
        fn without_what_moved_both_orders_are_one(after in Just((0_u8..12).collect::<Vec<_>>()).prop_shuffle()) {
            let before: Vec<u8> = (0..12).collect();
            let moved = moved(&before, &after);
            let rest = |ids: &[u8]| ids.iter().copied().filter(|id| !moved.contains(id)).collect::<Vec<_>>();
            prop_assert_eq!(rest(&before), rest(&after));
        }
    }
}
