use super::layout::{AdminPage, Breadcrumb};
use super::refused::RefusedNotice;
use crate::components::icon::{Icon, IconView};
use leptos::prelude::*;
use leptos_meta::Title;

/// Takes a course as a zip file.
#[component]
pub fn CourseImportPage() -> impl IntoView {
    view! {
        <Title text="Import a course" />
        <AdminPage class="page page--form">
            <Breadcrumb steps=vec![("/admin/courses".into(), "Courses".into())] here="Import" />
            <div class="page-header">
                <div>
                    <h1>"Import a course"</h1>
                    <p class="lede">
                        "Nothing is made before you have seen what it will be. What you send here waits for a day, for you alone."
                    </p>
                </div>
            </div>
            <div class="stack">
                <RefusedNotice />
                <form class="dropbox" method="post" enctype="multipart/form-data" action="/admin/courses/import/upload">
                    <div class="field">
                        <label class="field-label" for="file">"Zip file"</label>
                        <p class="field-hint" id="file-hint">
                            "A course that was downloaded here, or any folder of Markdown with a SUMMARY.md, packed."
                        </p>
                        <input
                            class="input"
                            id="file"
                            name="file"
                            type="file"
                            accept=".zip,application/zip"
                            required
                            aria-describedby="file-hint"
                        />
                    </div>
                    <div class="form-actions">
                        <button class="button button--primary" type="submit">
                            <IconView icon=Icon::ArrowUp />
                            "Send and look at it"
                        </button>
                        <a class="button button--quiet" href="/admin/courses">"Cancel"</a>
                    </div>
                </form>
                <section class="panel stack stack--s" aria-labelledby="shape">
                    <h2 id="shape">"What a folder looks like"</h2>
                    <ul class="consequences">
                        <li><code>"SUMMARY.md"</code>" lists the pages; top-level entries with nested ones become sections."</li>
                        <li>"Pictures and files come along where a page shows or links to them."</li>
                        <li>
                            "A course that you downloaded and edited can also be updated: lessons stay the same, and so does everyone's progress."
                        </li>
                    </ul>
                </section>
            </div>
        </AdminPage>
    }
}
