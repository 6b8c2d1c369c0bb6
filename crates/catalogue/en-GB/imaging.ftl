# MRI scans: the department's list, and what shorter scans would win.
imaging-tabs = MRI scans
imaging-list = Scan list
imaging-slots = Extra slots
imaging-waiting = Waiting list
imaging-simulated = Simulated
imaging-hours = { $hours } h { $minutes } min
imaging-in-minutes = { $minutes } min
imaging-too-little = The record tells too little to simulate anything: { $days ->
    [one] 1 working day
   *[other] { $days } working days
} with scans and { $orders ->
    [one] 1 order
   *[other] { $orders } orders
}. At least { $fewest } days and one order are needed.

imaging-no-scanner = No MR scanner of { $organisation } is in the record. A scanner is a Location of the type RADDX that the organisation runs.
imaging-day-before = Day before
imaging-day-after = Day after
imaging-today = Today
imaging-figure-booked = scans booked
imaging-figure-full = as booked
imaging-figure-faster = accelerated (simulated)
imaging-figure-unbooked = ordered, not booked
imaging-list-simulated = Accelerated minutes are what the same scans would take under the assumptions on the pages beside this one. No scan was measured that way.
imaging-time = Time
imaging-patient = Patient
imaging-scan = Scan
imaging-as-booked = As booked
imaging-accelerated = Accelerated
imaging-state = State
imaging-none-booked = Nothing is booked on this day.
imaging-closed = { $count ->
    [one] 1 more scan of this day is for somebody whose record is not open to you. It counts in the sums above.
   *[other] { $count } more scans of this day are for people whose records are not open to you. They count in the sums above.
}
imaging-state-booked = Booked
imaging-state-scanned = Scanned, no image yet
imaging-state-missed = Did not come
imaging-state-image = Image
imaging-series = { $count ->
    [one] 1 series
   *[other] { $count } series
}
imaging-reconstructed = with one reconstructed by Bevan: research use, not for diagnosis
imaging-ordered = Ordered
imaging-unbooked = Ordered, not booked
imaging-none-unbooked = Every order has a booking.
imaging-unbooked-shown = { $shown ->
    [0] { $all } orders wait for a booking. The oldest are for people whose records are not open to you.
    [one] The oldest that is open to you, of { $all } orders that wait for a booking.
   *[other] The { $shown } oldest that are open to you, of { $all } orders that wait for a booking.
}

imaging-slots-lede = How many more scans a day each scanner of { $organisation } would have had room for, if scans were as much shorter as is assumed below.
imaging-slots-middle = extra slots a day and scanner, on half of the days or more
imaging-slots-low = on the worst day in ten
imaging-slots-high = on the best day in ten
imaging-slots-mean = on average
imaging-slots-chart = Scans that fit in a day, all scanners
imaging-slots-unit = scans a day
imaging-slots-words = In { $days } working days, { $full } scans fit one after the other at the minutes that were booked, and { $faster } accelerated.
imaging-line-full = As booked
imaging-line-faster = Accelerated
imaging-slots-table = Extra slots a day, by scanner
imaging-scanner = Scanner
imaging-column-days = Days
imaging-column-least = Least
imaging-column-low = 1 day in 10 at most
imaging-column-middle = Half at most
imaging-column-high = 9 in 10 at most
imaging-column-most = Most
imaging-column-mean = Average
imaging-each-day = Each day
imaging-day = Day
imaging-column-booked = Booked
imaging-column-full = Fit as booked
imaging-column-faster = Fit accelerated
imaging-column-extra = Extra
imaging-reads = How to read this
imaging-reads-gaps = A day is packed: its own list in order, then what was booked next on the same scanner, without gaps. The same is done at the minutes booked, and only the difference counts. Gaps that the diary has already are no gain.
imaging-reads-people = A slot is not a scan. Whether radiographers, reporting and patients can fill it is not simulated.
imaging-reads-image = Nothing here says that a faster scan is good enough. The department accepts the image quality first, protocol by protocol.

imaging-waiting-lede = What becomes of the waiting list of { $organisation } in half a year, if orders keep coming as they came, with scans as long as they are booked now and with shorter ones.
imaging-waiting-now = wait now
imaging-waiting-full = wait in 26 weeks, as booked
imaging-waiting-faster = wait in 26 weeks, accelerated
imaging-half-full = half wait no longer, as booked
imaging-half-faster = half wait no longer, accelerated
imaging-nobody = nobody scanned
imaging-not-known = not known
imaging-weeks = { $weeks } weeks
imaging-now = Now
imaging-in-weeks = in { $weeks } weeks
imaging-waiting-chart = People on the waiting list
imaging-waiting-unit = people
imaging-waiting-words = { $now } people wait now. In { $weeks } weeks { $full } would wait with scans as they are booked now, and { $faster } with acceleration: the middle of all runs. The bands hold 8 runs in 10.
imaging-band = { $middle } ({ $low } to { $high })
imaging-half-year = In 26 weeks
imaging-figure = What
imaging-column-now = Now, from the record
imaging-column-half-year-full = As booked (simulated)
imaging-column-half-year-faster = Accelerated (simulated)
imaging-row-list = People on the list
imaging-row-half = Half of those scanned had waited up to
imaging-row-eight = 8 in 10 of those scanned had waited up to
imaging-row-scanned = Scanned in a week, on average
imaging-each-week = Each week
imaging-week = Week
imaging-sure = How sure this is
imaging-sure-runs = The list was played forward { $runs } times, each with arrivals drawn from the orders of the last { $days } working days. In { $shorter } of { $runs } it ended shorter with acceleration. Both lists meet the same arrivals and the same people who do not come, so the difference is the scanner alone.
imaging-sure-flow = { $orders } orders come in a week; { $full } people are scanned in a week as booked, and { $faster } accelerated.
imaging-sure-grows = The list grows in both: shorter scans alone do not end it.
imaging-sure-spread = Ranges in brackets hold 8 runs in 10. They show the chance in who comes, and not how wrong an assumption may be. Change one and look again.
imaging-sure-left-out = Left out: urgent scans that go first, breakdowns, holidays, overtime, staff who are away.
imaging-sure-demand = Left out too: that more may be ordered when the wait is short.

imaging-assumed = What is assumed
imaging-assumed-from = From the record: { $bookings } bookings of { $days } working days, and { $orders } orders that came in them. Everything below can be changed; the address of the page keeps it.
imaging-opens = Scanning begins
imaging-opens-hint = From the record: the earliest booking
imaging-opens-error = Enter when scanning begins, such as 08:00
imaging-closes = Scanning ends
imaging-closes-hint = From the record: the latest end
imaging-closes-error = Enter when scanning ends, such as 18:00, an hour or more after it begins
imaging-setup = Set-up and changeover
imaging-setup-hint = Assumed. In each booking; does not shrink
imaging-setup-error = Set-up must be { $low } to { $high } minutes
imaging-step = Bookings in steps of
imaging-step-hint = Assumed. A shorter scan is rounded up to the next
imaging-step-error = Steps must be { $low } to { $high } minutes
imaging-missed = Do not come
imaging-missed-hint = From the record. Their time is lost, and they wait again
imaging-missed-error = Those who do not come must be { $low } to { $high } per cent
imaging-days = Look back
imaging-days-hint = Assumed. The latest days on which anything was booked
imaging-days-error = Look back { $low } to { $high } working days
imaging-days-unit = days
imaging-minutes = min
imaging-source-yours = Yours
imaging-again = Simulate again
imaging-reset = Back to the assumptions we start with
imaging-protocols = Protocols
imaging-protocol = Protocol
imaging-bookings = Bookings
imaging-full-minutes = Booked, minutes
imaging-share = Time in sequence that is left
imaging-faster-minutes = Accelerated, minutes
imaging-share-label = { $protocol }: per cent of the time in sequence that is left
imaging-share-error = { $protocol }: enter { $low } to 100 per cent
imaging-not-accelerated = Not accelerated: { $why }
imaging-sources = Where these come from
imaging-source-minutes = Minutes booked are the middle of the platform's own bookings for the protocol; each scan of a day is simulated with its own. Without bookings 30 minutes are assumed.
imaging-source-share = 70% of the time in sequence is a start, after "up to 30% shorter for some scans" (House of Lords, written answer HL10079). It was not measured here. 100% is not accelerated.
imaging-source-none = Protocols whose time is set by breath-holds, heartbeat or contrast are not accelerated unless you say so.
imaging-source-image = docs/imaging.md measures 4 and 8 times fewer samples on a drawing of a head, and on no patient. Such a factor may be entered here (4 times is 25%) only to see what it would win: whether the images are good enough is for the department to say first.
imaging-source-setup = 10 minutes of set-up and changeover are our guess. Measure yours.
imaging-others = What others tell, not simulated here
imaging-others-slots = 24 NHS scanners with acceleration software: 3.71 more patients a day each (written answer, 14 May 2024).
imaging-others-trust = One trust (Hull): head 30 to 20 minutes, prostate 45 to 30; lumbar spine 21 to 31 patients in 12 hours.
imaging-others-share = Up to 30% shorter for some scans (House of Lords, HL10079).
