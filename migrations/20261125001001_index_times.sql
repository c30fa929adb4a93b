-- What is asked by time: figures of a range, and the latest sales first.
create index purchases_created_at_idx on purchases (created_at);
create index refunds_created_at_idx on refunds (created_at);
create index user_lesson_complete_created_at_idx on user_lesson_complete (created_at);
