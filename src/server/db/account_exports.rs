//! All that is kept of a person, for them to take along.

use super::Db;
use crate::domain::id::UserId;
use crate::server::auth::SignedIn;

/// As indented JSON: an object of lists. Secrets and hashes are not among it.
pub async fn everything(db: &Db, person: &SignedIn) -> sqlx::Result<String> {
    sqlx::query_scalar!(
        r#"select jsonb_pretty(jsonb_build_object(
          'account', jsonb_build_object(
            'id', u.id, 'external_id', u.clerk_user_id, 'name', u.name, 'email', u.email, 'role', u.role,
            'image_url', u.image_url, 'email_verified_at', u.email_verified_at, 'created_at', u.created_at,
            'password', exists (select from credentials c where c.user_id = u.id)),
          'ways_in', (
            select coalesce(jsonb_agg(jsonb_build_object('provider', i.provider, 'external_id', i.external_id,
              'created_at', i.created_at, 'last_used_at', i.last_used_at) order by i.created_at), '[]')
            from identities i where i.user_id = u.id),
          'passkeys', (
            select coalesce(jsonb_agg(jsonb_build_object('name', k.name, 'created_at', k.created_at,
              'last_used_at', k.last_used_at) order by k.created_at), '[]')
            from passkeys k where k.user_id = u.id),
          'sessions', (
            select coalesce(jsonb_agg(jsonb_build_object('user_agent', s.user_agent, 'created_at', s.created_at,
              'last_seen_at', s.last_seen_at, 'expires_at', s.expires_at) order by s.created_at), '[]')
            from sessions s where s.user_id = u.id),
          'purchases', (
            select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'product', p.product_details ->> 'name',
              'paid_in_cents', p.price_paid_in_cents, 'refunded_at', p.refunded_at, 'created_at', p.created_at)
              order by p.created_at), '[]')
            from purchases p where p.user_id = u.id),
          'refunds', (
            select coalesce(jsonb_agg(jsonb_build_object('purchase', r.purchase_id, 'amount_in_cents', r.amount_in_cents,
              'status', r.status, 'created_at', r.created_at) order by r.created_at), '[]')
            from refunds r join purchases p on p.id = r.purchase_id where p.user_id = u.id),
          'courses', (
            select coalesce(jsonb_agg(jsonb_build_object('course', c.title, 'purchase', g.purchase_id,
              'given_at', g.created_at, 'revoked_at', g.revoked_at) order by g.created_at), '[]')
            from course_grants g join courses c on c.id = g.course_id where g.user_id = u.id),
          'finished_courses', (
            select coalesce(jsonb_agg(jsonb_build_object('course', c.title, 'completed_at', f.completed_at)
              order by f.completed_at), '[]')
            from course_completions f join courses c on c.id = f.course_id where f.user_id = u.id),
          'completed_lessons', (
            select coalesce(jsonb_agg(jsonb_build_object('lesson', l.lesson, 'completed_at', d.created_at)
              order by d.created_at), '[]')
            from user_lesson_complete d join lesson_labels l on l.id = d.lesson_id where d.user_id = u.id),
          'positions', (
            select coalesce(jsonb_agg(jsonb_build_object('lesson', l.lesson, 'seconds', o.seconds, 'at', o.updated_at)
              order by o.updated_at), '[]')
            from lesson_positions o join lesson_labels l on l.id = o.lesson_id where o.user_id = u.id),
          'notes', (
            select coalesce(jsonb_agg(jsonb_build_object('lesson', l.lesson, 'text', n.body, 'at', n.updated_at)
              order by n.updated_at), '[]')
            from lesson_notes n join lesson_labels l on l.id = n.lesson_id where n.user_id = u.id),
          'letters', (
            select coalesce(jsonb_agg(jsonb_build_object('about', m.letter, 'email', m.email, 'sent_at', m.sent_at,
              'created_at', m.created_at) order by m.created_at), '[]')
            from mails m where m.user_id = u.id)
        )) as "json!"
        from users u
        where u.id = $1"#,
        person.id as UserId
    )
    .fetch_one(db.pool())
    .await
}

/// A note, and where it belongs.
pub struct Note {
    pub course: String,
    pub section: String,
    pub lesson: String,
    pub body: String,
}

/// A person's notes, course by course in their order. Those on lessons that are hidden now are theirs all the same.
pub async fn notes(db: &Db, person: &SignedIn) -> sqlx::Result<Vec<Note>> {
    sqlx::query_as!(
        Note,
        r#"select c.title as course, a.section as "section!", a.lesson as "lesson!", n.body
        from lesson_notes n
        join lesson_labels a on a.id = n.lesson_id
        join lessons l on l.id = n.lesson_id
        join course_sections s on s.id = l.section_id
        join courses c on c.id = s.course_id
        where n.user_id = $1
        order by c.title, c.id, s."order", l."order""#,
        person.id as UserId
    )
    .fetch_all(db.pool())
    .await
}
