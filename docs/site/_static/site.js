// A page that was opened from disk may not load others, so search shows no lines of what it finds there.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
