# Days and times of day, as the NHS service manual writes them.
dates-month-1 = January
dates-month-2 = February
dates-month-3 = March
dates-month-4 = April
dates-month-5 = May
dates-month-6 = June
dates-month-7 = July
dates-month-8 = August
dates-month-9 = September
dates-month-10 = October
dates-month-11 = November
dates-month-12 = December
dates-weekday-1 = Monday
dates-weekday-2 = Tuesday
dates-weekday-3 = Wednesday
dates-weekday-4 = Thursday
dates-weekday-5 = Friday
dates-weekday-6 = Saturday
dates-weekday-7 = Sunday
dates-day = { $day } { $month } { $year }
dates-month-of-year = { $month } { $year }
dates-weekday = { $weekday } { $day } { $month } { $year }
dates-weekday-of-week = { $weekday } { $day } { $month }
dates-midday = midday
dates-midnight = midnight
dates-morning = { $hour }am
dates-morning-minutes = { $hour }:{ $minute }am
dates-afternoon = { $hour }pm
dates-afternoon-minutes = { $hour }:{ $minute }pm
dates-moment = { $day }, { $time }

# How long ago.
dates-now = just now
dates-seconds-ago = { $count ->
    [one] 1 second ago
   *[other] { $count } seconds ago
}
dates-minutes-ago = { $count ->
    [one] 1 minute ago
   *[other] { $count } minutes ago
}
dates-hours-ago = { $count ->
    [one] 1 hour ago
   *[other] { $count } hours ago
}
dates-days-ago = { $count ->
    [one] 1 day ago
   *[other] { $count } days ago
}
