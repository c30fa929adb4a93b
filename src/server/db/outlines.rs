use super::Db;
use crate::domain::access::{LessonAccess, Standing};
use crate::domain::id::{CourseId, LessonId, ProductId};
use crate::domain::outline::{Outline, OutlineLesson, OutlineSection};
use crate::domain::section::SectionStatus;
use crate::server::auth::Viewer;
use std::collections::HashMap;
use uuid::Uuid;

/// The outlines of some courses as the viewer may see them, in the order asked for: two statements, however many
/// courses and lessons. Courses that are not there, or of which the viewer may know nothing, are left out.
pub async fn load(db: &Db, courses: &[CourseId], viewer: &Viewer) -> sqlx::Result<Vec<Outline>> {
    let ids: Vec<Uuid> = courses.iter().map(|course| course.0).collect();
    let user = viewer.id().map(|user| user.0);
    let heads = sqlx::query!(
        r#"select c.id, c.title, c.description, f.completed_at as "completed_at?",
          exists (select from user_course_access a where a.course_id = c.id and a.user_id = $2) as "entitled!",
          (
            select p.lesson_id
            from lesson_positions p
            join visible_lessons v on v.id = p.lesson_id
            where v.course_id = c.id and p.user_id = $2
            order by p.updated_at desc
            limit 1
          ) as "visited: LessonId",
          (
            select p.id
            from course_products cp
            join products p on p.id = cp.product_id
            where cp.course_id = c.id and p.status = 'public'
            order by p.price_dollars, p.created_at, p.id
            limit 1
          ) as "sold_in: ProductId"
        from courses c
        left join course_completions f on f.course_id = c.id and f.user_id = $2
        where c.id = any($1)"#,
        &ids,
        user
    )
    .fetch_all(db.pool())
    .await?;

    let mut found = HashMap::new();
    for head in heads {
        let standing = viewer.standing(head.entitled, head.sold_in.is_some());
        if standing != Standing::Stranger {
            let outline = Outline {
                course_id: head.id,
                title: head.title,
                description: head.description,
                standing,
                sold_in: head.sold_in,
                visited: head.visited,
                completed_at: head.completed_at.map(Into::into),
                added_since: 0,
                sections: Vec::new(),
            };
            found.insert(head.id, outline);
        }
    }
    fill(db, &ids, user, &mut found).await?;
    Ok(courses.iter().filter_map(|course| found.remove(course)).collect())
}

/// One course's outline; none where the viewer may know nothing of it.
pub async fn one(db: &Db, course: CourseId, viewer: &Viewer) -> sqlx::Result<Option<Outline>> {
    Ok(load(db, &[course], viewer).await?.pop())
}

/// Puts sections and lessons in, leaving out what [`LessonAccess`] hides.
async fn fill(
    db: &Db,
    courses: &[Uuid],
    user: Option<Uuid>,
    outlines: &mut HashMap<CourseId, Outline>,
) -> sqlx::Result<()> {
    let rows = sqlx::query!(
        r#"select s.course_id, s.id as section_id, s.name as section_name, s.status as section_status,
          l.id as "lesson_id?: crate::domain::id::LessonId", l.name as "lesson_name?",
          l.status as "lesson_status?: crate::domain::lesson::LessonStatus",
          l.video_url is not null or exists (
            select from lesson_files f where f.lesson_id = l.id and f.kind = 'video'
          ) as "has_video!", l.created_at as "lesson_created_at?",
          u.lesson_id is not null as "completed!"
        from course_sections s
        left join lessons l on l.section_id = s.id
        left join user_lesson_complete u on u.lesson_id = l.id and u.user_id = $2
        where s.course_id = any($1)
        order by s.course_id, s."order", l."order""#,
        courses,
        user
    )
    .fetch_all(db.pool())
    .await?;

    for row in rows {
        let Some(outline) = outlines.get_mut(&row.course_id) else { continue };
        let admin = matches!(outline.standing, Standing::Admin { .. });
        if !admin && row.section_status == SectionStatus::Private {
            continue;
        }
        if outline.sections.last().is_none_or(|section| section.id != row.section_id) {
            outline.sections.push(OutlineSection {
                id: row.section_id,
                name: row.section_name,
                status: row.section_status,
                lessons: Vec::new(),
            });
        }
        let (Some(id), Some(name), Some(status), Some(created)) =
            (row.lesson_id, row.lesson_name, row.lesson_status, row.lesson_created_at)
        else {
            continue;
        };
        let access = LessonAccess::of(outline.standing, row.section_status, status);
        if access == LessonAccess::Hidden {
            continue;
        }
        let counts = LessonAccess::counts(row.section_status, status);
        let added = outline.completed_at.as_ref().is_some_and(|finished| *finished < created.into());
        outline.added_since += u32::from(counts && added && !row.completed);
        if let Some(section) = outline.sections.last_mut() {
            section.lessons.push(OutlineLesson {
                id,
                name,
                status,
                access,
                counts,
                completed: row.completed,
                has_video: row.has_video,
            });
        }
    }
    for outline in outlines.values_mut().filter(|outline| !matches!(outline.standing, Standing::Admin { .. })) {
        outline.sections.retain(|section| !section.lessons.is_empty());
    }
    Ok(())
}
