# The sentences for a part of a page that has nothing to show.
section-no-access = You do not currently have access to this section.
section-failed = An error has occurred and this section could not be shown.
section-failed-why = It does not mean that nothing is recorded. Reload the page to try again.
section-showing = Showing { $shown }.
section-showing-of = Showing { $shown } of { $total }.
section-more = Show more
