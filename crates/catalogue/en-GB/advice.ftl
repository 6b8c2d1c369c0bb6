# Pages on self-care and conditions. The texts themselves stand in the library.
advice-self-care = Self-care
advice-self-care-lede = What you can do yourself, and when to get help.
advice-conditions = Health conditions A to Z
advice-conditions-lede = Living with a condition that you know of.
advice-none = No pages are here yet. Ask a pharmacist, or call 111.
advice-check = Not sure what it is? { $check }
advice-demonstration = Demonstration
advice-not-for-care = This page is an example and must not be used for care.
advice-help = When to get help
advice-services = Who can help
advice-find = Find { $kind } near you
advice-reviewed = Reviewed on { $reviewed }. To be reviewed again by { $next }.
advice-source = { $source } Version { $version }.
