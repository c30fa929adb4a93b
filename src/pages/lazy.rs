//! Pages whose code is fetched when the first of their kind is opened: a visitor of the storefront loads nothing of
//! the player, and a learner nothing of the author's pages.
//!
//! They come in few parts, not one a page: what several parts share is split off for every combination of them, and
//! each piece is a request.

use leptos::prelude::*;
use leptos_router::LazyRoute;

/// One function that holds a part's pages, and for each of them the route that calls it.
macro_rules! part {
    ($part:ident: $($page:ident = $name:literal from $module:path),+ $(,)?) => {
        #[lazy]
        fn $part(page: &'static str) -> AnyView {
            match page {
                $($name => {
                    use $module as module;
                    view! { <module::$page /> }.into_any()
                })+
                _ => ().into_any(),
            }
        }

        $(
            pub struct $page;

            impl LazyRoute for $page {
                fn data() -> Self {
                    Self
                }

                async fn view(_: Self) -> AnyView {
                    $part($name).await
                }
            }
        )+
    };
}

part! { account:
    SignInPage = "sign in" from super::sign_in,
    SignUpPage = "sign up" from super::sign_up,
    PurchasePage = "purchase" from super::purchase,
    CheckoutPage = "checkout" from super::checkout,
    PurchasesPage = "purchases" from super::purchases,
    ReceiptPage = "receipt" from super::purchases,
}

part! { player:
    MyCoursesPage = "my courses" from super::courses,
    CoursePage = "course" from super::course,
    LessonPage = "lesson" from super::lesson,
}

part! { author:
    OverviewPage = "overview" from super::admin::overview,
    AdminCoursesPage = "courses" from super::admin::courses,
    CourseNewPage = "new course" from super::admin::course_new,
    CourseEditPage = "course" from super::admin::course_edit,
    CourseDeletePage = "delete course" from super::admin::course_delete,
    SectionEditPage = "section" from super::admin::section_edit,
    SectionDeletePage = "delete section" from super::admin::section_delete,
    LessonNewPage = "new lesson" from super::admin::lesson_new,
    LessonEditPage = "lesson" from super::admin::lesson_edit,
    LessonMovePage = "move lesson" from super::admin::lesson_move,
    LessonDeletePage = "delete lesson" from super::admin::lesson_delete,
    AdminProductsPage = "products" from super::admin::products,
    ProductNewPage = "new product" from super::admin::product_edit,
    ProductEditPage = "product" from super::admin::product_edit,
    ProductDeletePage = "delete product" from super::admin::product_delete,
    SalesPage = "sales" from super::admin::sales,
}
