/**
 * `what is asked for => the tools that do it`. As models write their searches, and as people say it: many share no word
 * with the tool. Every third is held out: it was labelled before the search was first run and never used to improve it.
 */
const QUERIES = `
create github issue => github_create_issue
file a bug report in jira => jira-add-issue
open a merge request on gitlab => gitlabCreateMergeRequest
show me what's still open in the linear backlog => linear_list_issues
leave a remark on the gitlab ticket => gitlabAddIssueComment
who should look at this jira bug, give it to Ana => jira-assign-issue
mark the github bug as fixed => github_close_issue github_update_issue
look for similar bugs in linear => linear_find_issues
github PR diff => github_get_pull_request_diff
approve the pull request => github_review_pull_request gitlabReviewMergeRequest
merge PR 42 into main on github => github_merge_pull_request
kick off the failed CI job again => github_rerun_workflow gitlabRerunWorkflow
did the last build pass on github actions => github_list_workflow_runs
what changed in the repo since yesterday => github_list_commits gitlabListCommits
read README from the github repo => github_get_file_contents
where in our github code is parseDate used => github_search_code
make my own copy of a github repo => github_fork_repository
start a fresh repository on github => github_create_repository
ship version 2.0 with release notes on github => github_create_release
are any of our dependencies vulnerable => github_list_security_alerts gitlabListSecurityAlerts
make a new branch in gitlab => gitlabCreateBranch
commit multiple files in one go github => github_push_files
tell the team on slack that the deploy is done => slack_post_message
DM Sara on slack => slack_send_direct_message
what was said in the #general slack channel this morning => slack_get_channel_history
send discord message => discordSendMessage
answer in that slack thread => slack_reply_to_thread
thumbs up emoji on a teams message => teams-add-reaction
find where somebody mentioned the budget on slack => slack_search_messages
write to my family group on telegram => telegram_send_message
share a file in a discord room => discordUploadFile
open a new slack channel for the project => slack_create_channel
add Peter to the teams channel => teams-invite-to-channel
which time zone is this slack user in => slack_get_user_profile
set my slack presence to "in a meeting" => slack_set_status
pin this announcement in discord => discordPinMessage
send an email to bob => gmail_send_email outlookSendMail
write a mail with outlook => outlookSendMail
find the mail from the landlord => gmail_search_emails outlookSearchEmails
open the newest gmail letter and show it to me => gmail_read_email
reply to that gmail => gmail_reply_to_email
pass this mail on to my accountant => gmail_forward_email outlookForwardMail
prepare an email but do not send it yet => gmail_create_draft outlookCreateDraft
clean up my gmail inbox without losing anything => gmail_archive_email
trash this outlook message => outlookDeleteMail
tag gmail message as receipts => gmail_add_label
unread gmail messages, mark them read => gmail_mark_as_read
save the attached invoice from the email => gmail_download_attachment outlookDownloadAttachment
automatically sort incoming newsletters in gmail => gmail_create_filter
out of office auto reply => gmail_set_vacation_responder outlookSetVacationResponder
put a dentist appointment on my google calendar => google_calendar_create_event
what meetings do I have tomorrow => google_calendar_list_events outlookCalendarListEvents zoom-list-meetings
push the outlook meeting back an hour => outlookCalendarUpdateEvent
call off the google calendar meeting => google_calendar_delete_event
when are Tom and Lisa both available => google_calendar_find_free_time outlookCalendarFindFreeTime
decline the meeting invite => google_calendar_respond_to_invitation outlookCalendarRespondToInvitation
invite my boss to the event in google calendar => google_calendar_add_attendee
upload to google drive => google_drive_upload_file
get the presentation from dropbox onto this machine => dropboxDownloadFile
find my tax papers in google drive => google_drive_search_files dropboxFindFiles
what is in the dropbox photos folder => dropboxListDirectory
give Jane access to the drive document => google_drive_share_file
put an object into an s3 bucket => s3-upload-object
new bucket on amazon => s3-create-bucket
go back to last week's version of the dropbox file => dropboxRestoreVersion
is my google drive full => google_drive_get_storage_usage
move a file elsewhere in dropbox => dropboxMoveFile
remove an s3 object => s3-delete-object
write a new page in notion => notion-create-page
what does our confluence page about onboarding say => confluence_get_page confluence_search_pages
add a paragraph at the bottom of the google doc => google_docs_append_to_document
look through notion for meeting notes => notion-search-pages
leave feedback on a google doc => google_docs_comment_on_document
filter the entries of my notion database => notion-query-database
download a confluence article as pdf => confluence_export_page
who edited the wiki page last => confluence_get_page_history notion-get-page-history
read cells A1 to C10 of the google sheet => google_sheets_read_range
fill in values in the spreadsheet => google_sheets_update_range
add a line to my expenses google sheet => google_sheets_append_row
insert airtable record => airtableAppendRecord
make a bar graph from spreadsheet data => google_sheets_add_chart airtableAddChart
find airtable rows where status is open => airtableFindRows
brand new excel-like workbook => google_sheets_create_spreadsheet airtableCreateSpreadsheet
remind me to buy milk, in todoist => todoist-create-task
what's left to do in asana => asana_list_tasks
tick off a todoist item => todoist-complete-task
move trello card to Doing => trelloMoveCard
new trello board => trelloCreateBoard
postpone my asana task to friday => asana_update_task
drop the chore from todoist => todoist-delete-task
note something on the trello card => trelloAddCardComment
which projects do we have in asana => asana_list_projects
add a new person to hubspot => hubspot_create_contact
look up a customer in hubspot => hubspot_search_contacts
change the phone number of a hubspot contact => hubspot_update_contact
new sales opportunity in salesforce => salesforceCreateOpportunity
we won the deal, move it to closed in hubspot => hubspot_update_deal_stage
show the salesforce pipeline => salesforceListDeals
record a call with a client in the CRM => hubspot_log_activity salesforceLogActivity
how many deals did we lose last quarter => hubspot_get_sales_report salesforceGetSalesReport
bill a customer's card with stripe => stripe_create_charge
give the customer their money back => stripe_refund_charge paypalRefundPayment
recent paypal payments => paypalListCharges
send an invoice by stripe => stripe_create_invoice
which stripe invoices are unpaid => stripe_list_invoices
sign a client up for the monthly plan in stripe => stripe_create_subscription
end the paypal subscription => paypalCancelSubscription
how much money is in my stripe account => stripe_get_balance
link where people can pay me => stripe_create_payment_link paypalCreatePaymentLink
chargebacks => stripe_list_disputes paypalListDisputes
select from postgres => postgres_run_query
run an UPDATE on mysql => mysqlExecuteStatement
which tables are in the postgres db => postgres_list_tables
what columns does the users table have => postgres_describe_table mysqlDescribeTable
why is this sql slow in postgres => postgres_explain_query
bigquery sql => bigquery-run-query bigquery-execute-statement
export mysql table as csv => mysqlDumpTable
spin up a server on digitalocean => digitalocean-launch-droplet
which EC2 machines are running => ec2_list_instances
turn off the ec2 vm for the night => ec2_stop_instance
reboot droplet => digitalocean-reboot-droplet
give the aws server more memory => ec2_resize_instance
permanently delete the droplet => digitalocean-terminate-droplet
back up the disk of my ec2 instance => ec2_create_snapshot
open port 443 on the server => ec2_update_firewall digitalocean-update-firewall
k8s pods => kubernetes_list_pods
why did the pod crash, show its output => kubernetes_get_pod_logs
more replicas for the api deployment => kubernetes_scale_deployment
undo the bad kubernetes rollout => kubernetes_rollback_deployment
kubectl apply yaml => kubernetes_apply_manifest
restart all pods of a kubernetes deployment => kubernetes_rollout_restart
docker build => dockerBuildImage
start a redis container => dockerRunContainer
which containers are running => dockerListContainers
logs of a docker container => dockerContainerLogs
free disk space taken by unused docker images => dockerPruneImages
upload docker image to the registry => dockerPushImage
cpu usage graph for the last hour in datadog => datadog-query-metrics
grep the production logs in grafana => grafana_search_logs
which alerts are firing right now => datadog-list-monitors grafana_list_monitors pagerdutyListIncidents
silence the noisy datadog alarm => datadog-mute-monitor
build a grafana dashboard => grafana_create_dashboard
exceptions in our app => sentry_list_errors
stack trace of a sentry issue => sentry_get_error_details
crash free rate => sentry_list_releases
whose pager is it tonight => pagerdutyWhoIsOnCall
ack the pagerduty incident => pagerdutyAcknowledgeIncident
wake up the database team, it is an emergency => pagerdutyTriggerIncident
swap my on-call shift with Max => pagerdutyOverrideSchedule
point a subdomain at a new IP => cloudflare_create_dns_record
dns entries of example.com => cloudflare_list_dns_records
clear the CDN cache => cloudflare_purge_cache
how many visitors did the website get => cloudflare_get_traffic_analytics
ban an attacker's IP => cloudflare_block_ip_address
put the site live on vercel => vercel-deploy-project
vercel build failed, show me the output => vercel-get-build-logs
add an env var to my vercel project => vercel-set-environment-variable
new orders in the shopify store => shopify_list_orders
order 1001 details in woocommerce => woocommerceFetchOrder
the shopify parcel went out, set tracking => shopify_fulfill_order
add a new article to the shop => shopify_create_product woocommerceCreateProduct
we have 50 more in stock => shopify_update_inventory woocommerceUpdateInventory
20% off coupon code => shopify_create_discount woocommerceCreateDiscount
what has this shopper bought before on shopify => shopify_get_customer_orders
open support tickets => zendesk_list_tickets intercom-list-tickets
answer the customer's zendesk request => zendesk_reply_to_ticket
hand the zendesk ticket to the billing group => zendesk_assign_ticket
are customers happy with our support => zendesk_get_satisfaction_ratings intercom-get-satisfaction-ratings
search help articles in intercom => intercom-search-help-center
tweet something => twitter_create_tweet
take down my mastodon toot => mastodonDeletePost mastodonCreatePost
share an update on linkedin => linkedin-publish-post
what are people saying about us on twitter => twitter_search_posts
heart that mastodon post => mastodonFavouritePost
follow an account on x => twitter_follow_user
popular posts in r/programming => reddit_get_hot_posts
read the discussion under a reddit post => reddit_get_comments
find a youtube clip about sourdough => youtubeSearchVideos
subtitles of a youtube video => youtubeGetTranscript
how many subscribers does the channel have => youtubeGetChannelStatistics
play some jazz => spotify_play_track
stop the music => spotify_pause_playback
next song => spotify_skip_track
make it louder => spotify_set_volume
what's this song called => spotify_get_currently_playing
suggest music like Radiohead => spotify_get_recommendations
make a party playlist => spotify_create_playlist
switch on the kitchen lamp => homeassistant-turn-on-light
it's too cold in the bedroom => homeassistant-set-temperature
is the front door locked => homeassistant-lock-door homeassistant-get-sensor-state
hoover the living room => homeassistant-start-vacuum
how do I get to the airport by train => maps_get_directions
sushi near me => maps_search_places
when does the pharmacy close => maps_get_place_details
coordinates of an address => maps_geocode_address
will it rain this weekend => weather_get_forecast
how hot is it outside now => weather_get_current_conditions
is there a storm warning => weather_get_severe_alerts
pollen count => weather_get_air_quality
cheap plane tickets to Lisbon => flightsSearchFlights
is flight LH123 late => flightsGetFlightStatus
tell me when the airfare drops => flightsTrackFare
a place to stay in Rome for two nights => hotelsSearchHotels
cancel my hotel => hotelsCancelBooking
apple share price => stocks_get_quote
how many euros are 100 dollars => stocks_convert_currency
how much profit did Nvidia make => stocks_get_company_financials
what's happening in the world today => news-top-headlines
news about the election => news-search-articles news-top-headlines
say this in French => deeplTranslateText
which language is this text => deeplDetectLanguage
how far did I run this year => strava_get_training_summary strava_list_activities
set up a video call and get the link => zoom-create-meeting
zoom notes from yesterday's call => zoom-get-meeting-summary
survey with five questions => typeformCreateForm
what did people answer in the questionnaire => typeformGetResponses
send the newsletter => mailchimp_send_campaign
how many opened the newsletter => mailchimp_get_campaign_report
export a figma frame as png => figma-export-frame
which customers have not paid in time => xeroListOverdueInvoices quickbooks_list_overdue_invoices
how much VAT do we owe => xeroGetTaxSummary quickbooks_get_tax_summary
book an expense in quickbooks => quickbooks_create_expense
I want two weeks of vacation in July => bamboohr_request_leave
how many holidays do I have left => bamboohr_get_leave_balance
who is on holiday today => bamboohr_who_is_out
applicants for the backend position => greenhouseListCandidates
interview with a candidate on monday => greenhouseScheduleInterview
text message to +49 170 => twilio_send_sms
phone my mother and tell her I am late => twilio_make_call
open a website in the browser => browser_navigate
capture a picture of the web page => browser_take_screenshot
combine two pdf documents => pdf-merge-files
scanned letter to text => pdf-ocr-scan
get a table out of a pdf => pdf-extract-tables
make the photo smaller => media_resize_image
draw me a picture of a cat => media_generate_image
write down what is said in this voice memo => media_transcribe_audio
read this text aloud => media_text_to_speech
where is my package => parcelsTrackShipment
have the courier collect a box tomorrow => parcelsSchedulePickup
githb crete isue => github_create_issue
kuberntes pod lgos => kubernetes_get_pod_logs
sned slack mesage => slack_post_message slack_send_direct_message
trnaslate to german => deeplTranslateText
wether forcast berlin => weather_get_forecast
googel calender event => google_calendar_create_event google_calendar_list_events
`;

// Written after the first run, to improve the search by.
const MORE_QUERIES = `
hide this conversation from my gmail inbox => gmail_archive_email
somebody wrote me in outlook, what does it say => outlookReadMail
block out friday afternoon in outlook => outlookCalendarCreateEvent
I cannot make it to the meeting, let them know => google_calendar_respond_to_invitation outlookCalendarRespondToInvitation
when is everybody free next week => google_calendar_find_free_time outlookCalendarFindFreeTime
grab the contract from google drive => google_drive_download_file
make this dropbox file public => dropboxShareFile
throw away the old backup in dropbox => dropboxDeleteFile
jot this down in confluence => confluence_create_page confluence_append_to_page
rename the notion page => notion-update-page
google sheet tab for march => google_sheets_create_sheet
erase line 7 of the google sheet => google_sheets_delete_row
what do I need to get done today, todoist => todoist-list-tasks
cross out the task in asana => asana_complete_task
put a sticky on the trello board => trelloCreateCard
which company does this hubspot lead belong to => hubspot_get_company hubspot_search_contacts
request money from a client via paypal => paypalCreateInvoice paypalCreatePaymentLink paypalCreatePayment
stop billing this customer every month => stripe_cancel_subscription paypalCancelSubscription
somebody disputes a payment => stripe_list_disputes paypalListDisputes
how many rows are in the orders table, postgres => postgres_run_query
what fields does this bigquery dataset have => bigquery-describe-dataset
rent a new machine on aws => ec2_launch_instance
kill the ec2 box for good => ec2_terminate_instance
power off the droplet => digitalocean-stop-droplet
bounce the kubernetes service => kubernetes_rollout_restart
what went wrong with this kubernetes resource => kubernetes_describe_resource
shut the docker container down => dockerStopContainer
page the responsible engineer => pagerdutyTriggerIncident
the outage is over => pagerdutyResolveIncident
remove the old CNAME entry => cloudflare_delete_dns_record
visitors still see the old version of the site => cloudflare_purge_cache
go back to the previous vercel version, production is broken => vercel-rollback-production
the shopper changed her mind, call off the order => shopify_cancel_order woocommerceCancelOrder
the shop is out of stock => shopify_update_inventory woocommerceUpdateInventory
the customer's problem is solved, close the zendesk case => zendesk_solve_ticket
say something on x => twitter_create_tweet
what are my friends on mastodon up to => mastodonGetTimeline
write in r/gardening => reddit_submit_post
put my clip on youtube => youtubeUploadVideo
what did they talk about in this video => youtubeGetTranscript
put on my running playlist => spotify_play_track
I don't like this song => spotify_skip_track
it is dark in the hallway => homeassistant-turn-on-light
good night lights out => homeassistant-turn-off-light
how long does it take from Berlin to Paris by car => maps_get_directions maps_get_distance_matrix
a nice cafe around here => maps_search_places
do I need a jacket tomorrow => weather_get_forecast
flying to Tokyo in may => flightsSearchFlights
reserve a room => hotelsBookRoom
what is tesla trading at => stocks_get_quote
bitcoin chart of last year => stocks_get_price_history
what does "Guten Tag" mean in English => deeplTranslateText
my pace on sunday's ride => strava_get_activity strava_list_activities
stop taking answers to the poll => typeformCloseForm
put her on the mailing list => mailchimp_add_subscriber
are we making money => xeroGetProfitAndLoss quickbooks_get_profit_and_loss
let him take those days off => bamboohr_approve_leave
tell the applicant no => greenhouseRejectCandidate
what did I text her => twilio_list_messages
press the login button on the page => browser_click_element
take pages 3 to 5 out of the pdf => pdf-split-pages
make the background of the photo transparent => media_remove_background
turn this mov into mp4 => media_convert_video
I need postage for a box => parcelsCreateShippingLabel
the ticket is finished, close it in linear => linear_close_issue
gitlab: who is working on issue 12 => gitlabGetIssue gitlabAssignIssue
what goals are we working towards in this github repo => github_list_milestones
my code is ready, ask for a review on github => github_create_pull_request
say no to this pull request => github_review_pull_request gitlabReviewMergeRequest
show code differences of the gitlab MR => gitlabGetMergeRequestDiff
announce the party in our discord => discordSendMessage
make a private room on teams => teams-create-channel
which rooms are there on teams => teams-list-channels
what did Anna say on telegram yesterday => telegram_get_chat_history telegram_search_messages
get back to the sender => gmail_reply_to_email outlookReplyToMail
put the letter in the bin, gmail => gmail_delete_email
what folders does my outlook have => outlookListLabels
squeeze in a lunch with Kim on thursday, google calendar => google_calendar_create_event
which of my google calendars are shared => google_calendar_list_calendars
make a subfolder in google drive => google_drive_create_folder
copy the report to amazon s3 => s3-upload-object
what files are in the bucket => s3-list-bucket
how much room is left on dropbox => dropboxGetStorageUsage
open the project plan in notion and read it to me => notion-get-page
google doc into pdf => google_docs_export_document
correct the confluence article => confluence_update_page
sum column B of the google sheet => google_sheets_read_range
change the airtable entries => airtableUpdateView
which card did I already finish, trello => trelloListTasks
start a new client project in asana => asana_create_project
email address of our contact at Siemens, salesforce => salesforceSearchContacts
I just spoke with a lead on the phone, make a note in salesforce => salesforceLogActivity
refund via paypal => paypalRefundPayment
register a new buyer in stripe => stripe_create_customer
insert a row into the postgres table => postgres_execute_statement
schema of mysql customers => mysqlDescribeTable
make the droplet bigger => digitalocean-resize-droplet
close a port on my ec2 server => ec2_update_firewall
is the cluster healthy, kubernetes => kubernetes_list_pods kubernetes_describe_resource
the docker app prints strange things, let me see => dockerContainerLogs
latency of checkout over the last day in grafana => grafana_query_metrics
follow one request through the services in datadog => datadog-get-trace
this bug in sentry is fixed => sentry_resolve_error
are there open incidents => pagerdutyListIncidents
list deployments of the website, vercel => vercel-list-deployments
who ordered something today in woocommerce => woocommerceListOrders
give the ticket to another agent in intercom => intercom-assign-conversation
delete my tweet => twitter_delete_tweet
comment on someone's linkedin update => linkedin-reply-to-post
save the video to my youtube list => youtubeAddToPlaylist
movie night at home => homeassistant-run-scene
humidity in the cellar => homeassistant-get-sensor-state
air quality in Delhi => weather_get_air_quality
room reservation is no longer needed => hotelsCancelBooking
price of gold stock over the last month => stocks_get_price_history
translate the whole word file => deeplTranslateDocument
how was my last run => strava_get_activity strava_list_activities
video of yesterday's zoom => zoom-get-recording
prepare the monthly newsletter => mailchimp_create_campaign
which components are in our figma library => figma-list-components
match the bank entry in xero => xeroReconcileTransaction
start date of an employee => bamboohr_get_employee
next round for this candidate => greenhouseAdvanceCandidate
fill in the web form => browser_fill_form
copy the text of this website => browser_extract_text
fill in the pdf form => pdf-fill-form-fields
`;

export interface LabelledQuery {
  readonly query: string;
  /** Any of them is right. */
  readonly tools: readonly string[];
  readonly isHeldOut: boolean;
}

export const labelledQueries = (): readonly LabelledQuery[] => [
  ...read(QUERIES).map((query, at) => ({ ...query, isHeldOut: at % 3 === 2 })),
  ...read(MORE_QUERIES).map((query) => ({ ...query, isHeldOut: false })),
];

const read = (lines: string): readonly Omit<LabelledQuery, 'isHeldOut'>[] =>
  lines
    .trim()
    .split('\n')
    .map((line) => {
      const [query = '', tools = ''] = line.split(' => ');
      return { query, tools: tools.split(' ') };
    });

/** What people say all day without meaning any of these tools: nothing should be offered for it. */
export const SMALL_TALK: readonly string[] = [
  'hi',
  'hello, how are you?',
  'thanks a lot, that was great',
  'good morning',
  'who are you and what can you do for me?',
  'explain the difference between TCP and UDP',
  'write a haiku about autumn',
  'what is 17 times 23?',
  'why is the sky blue?',
  'tell me a joke',
  'summarise what we talked about',
  'what do you know about me?',
  'ok, go on',
  'no, the other one',
  'can you say that more briefly?',
  'what was the capital of Burgundy?',
  'is a tomato a fruit?',
  'help me think about what to cook tonight',
  'proofread this sentence: their going to the beach',
  'give me three names for a grey cat',
  'remember that my sister is called Ana',
  'how do I reverse a linked list in Python?',
  'yes please',
  'stop',
];
