/** Services of one kind: they offer the same operations, each under its own names. */
export interface Family {
  readonly services: readonly Service[];
  /** `operation | what it does | arguments`; an argument with `?` is optional, one with `#` a number, with `[]` a list. */
  readonly operations: readonly string[];
}

export interface Service {
  readonly name: string;
  /** As its makers write it. */
  readonly label: string;
  readonly style: 'snake' | 'camel' | 'kebab';
  /** Words that it uses in place of the family's, in names and descriptions. */
  readonly words?: Readonly<Record<string, string>>;
}

const service = (
  name: string,
  label: string,
  style: Service['style'] = 'snake',
  words: Readonly<Record<string, string>> = {},
): Service => ({ name, label, style, words });

/** In the manner of the tool servers that people install: the same thing has many names, and many things the same. */
export const FAMILIES: readonly Family[] = [
  {
    services: [
      service('github', 'GitHub'),
      service('gitlab', 'GitLab', 'camel', { repository: 'project' }),
      service('jira', 'Jira', 'kebab', { create: 'add' }),
      service('linear', 'Linear', 'snake', { search: 'find' }),
    ],
    operations: [
      'create_issue | Create an issue in a {s} repository. | repository title body? labels[]? assignee?',
      'list_issues | List the issues of a repository, newest first. | repository state? label? page#?',
      'get_issue | Get one issue with its description, status and labels. | repository number#',
      'update_issue | Update the title, description or status of an issue. | repository number# title? body? state?',
      'close_issue | Close an issue as completed or not planned. | repository number# reason?',
      'search_issues | Search issues across {s} by text and filters. | query sort?',
      'assign_issue | Assign an issue to somebody. | repository number# assignee',
      'add_issue_comment | Comment on an issue. | repository number# body',
      'add_label | Put a label on an issue. | repository number# label',
      'list_milestones | List the milestones of a repository with their progress. | repository',
    ],
  },
  {
    services: [
      service('github', 'GitHub'),
      service('gitlab', 'GitLab', 'camel', { repository: 'project', pull: 'merge' }),
    ],
    operations: [
      'create_pull_request | Open a pull request from one branch into another. | repository title head base body?',
      'list_pull_requests | List open or closed pull requests of a repository. | repository state?',
      'get_pull_request_diff | Get the changes of a pull request as a unified diff. | repository number#',
      'merge_pull_request | Merge a pull request once its checks have passed. | repository number# method?',
      'review_pull_request | Approve a pull request or request changes to it. | repository number# verdict body?',
      'create_branch | Create a branch from a commit. | repository branch from?',
      'list_commits | List the commits of a branch, newest first. | repository branch? author? since?',
      'get_file_contents | Get the contents of a file in a repository. | repository path ref?',
      'push_files | Commit several files to a branch at once. | repository branch files[] message',
      'search_code | Search for code across {s} repositories. | query language?',
      'fork_repository | Fork a repository to an account. | repository organization?',
      'create_repository | Create a new repository. | name private? description?',
      'create_release | Publish a release with notes for a tag. | repository tag notes?',
      'list_workflow_runs | List recent runs of the CI workflows with their results. | repository branch? status?',
      'rerun_workflow | Run a failed CI workflow again. | repository run_id#',
      'list_security_alerts | List alerts about vulnerable dependencies of a repository. | repository severity?',
    ],
  },
  {
    services: [
      service('slack', 'Slack'),
      service('discord', 'Discord', 'camel', { post: 'send', user: 'member' }),
      service('teams', 'Microsoft Teams', 'kebab', { post: 'send' }),
      service('telegram', 'Telegram', 'snake', { post: 'send', channel: 'chat' }),
    ],
    operations: [
      'post_message | Post a message to a {s} channel. | channel text thread?',
      'send_direct_message | Send a private message to one {s} user. | user text',
      'list_channels | List the channels of the {s} workspace. | limit#?',
      'get_channel_history | Get the latest messages of a channel. | channel limit#? before?',
      'reply_to_thread | Reply to a message in its thread. | channel thread text',
      'add_reaction | React to a message with an emoji. | channel message emoji',
      'search_messages | Search the messages of {s}. | query from?',
      'upload_file | Upload a file to a channel. | channel path caption?',
      'create_channel | Create a channel. | name private?',
      'invite_to_channel | Invite a user to a channel. | channel user',
      'get_user_profile | Get the profile of a {s} user: name, title, time zone. | user',
      'set_status | Set the own status text and emoji. | text emoji? until?',
      'pin_message | Pin a message in a channel. | channel message',
    ],
  },
  {
    services: [
      service('gmail', 'Gmail'),
      service('outlook', 'Outlook', 'camel', { label: 'category', email: 'mail', thread: 'conversation' }),
    ],
    operations: [
      'send_email | Send an email from the {s} account. | to[] subject body cc[]? attachments[]?',
      'search_emails | Search the mailbox with {s} search syntax. | query max#?',
      'read_email | Read one email with its headers and body. | id',
      'reply_to_email | Reply to an email in its thread. | id body all?',
      'forward_email | Forward an email to somebody else. | id to[] note?',
      'create_draft | Save an email as a draft without sending it. | to[] subject body',
      'archive_email | Move an email out of the inbox, keeping it. | id',
      'delete_email | Move an email to the trash. | id',
      'add_label | Put a label on an email. | id label',
      'mark_as_read | Mark emails as read or unread. | ids[] read?',
      'download_attachment | Save an attachment of an email to a file. | id attachment path?',
      'create_filter | Create a rule that sorts incoming mail. | from? subject? action',
      'set_vacation_responder | Turn the automatic out-of-office reply on or off. | enabled text? until?',
      'list_labels | List the labels of the mailbox. | ',
    ],
  },
  {
    services: [
      service('google_calendar', 'Google Calendar'),
      service('outlook_calendar', 'Outlook Calendar', 'camel', { delete: 'cancel' }),
    ],
    operations: [
      'create_event | Create an event in {s}. | title start end attendees[]? location?',
      'list_events | List the events between two dates. | from to calendar?',
      'update_event | Change the time, title or place of an event. | id title? start? end?',
      'delete_event | Delete an event and notify the attendees. | id',
      'find_free_time | Find when all of several people are free. | people[] from to minutes#?',
      'respond_to_invitation | Accept or decline an invitation. | id answer',
      'add_attendee | Add a guest to an event. | id email',
      'list_calendars | List the calendars that can be seen. | ',
    ],
  },
  {
    services: [
      service('google_drive', 'Google Drive'),
      service('dropbox', 'Dropbox', 'camel', { search: 'find', folder: 'directory' }),
      service('s3', 'Amazon S3', 'kebab', { file: 'object', folder: 'bucket' }),
    ],
    operations: [
      'upload_file | Upload a file to {s}. | path folder?',
      'download_file | Download a file from {s}. | file to?',
      'search_files | Search for files by name or content. | query type?',
      'list_folder | List what is in a folder. | folder',
      'share_file | Share a file with somebody, or make a public link. | file email? role?',
      'move_file | Move a file to another folder. | file folder',
      'delete_file | Delete a file. | file',
      'create_folder | Create a folder. | name parent?',
      'restore_version | Bring back an earlier version of a file. | file version',
      'get_storage_usage | Get how much space is used and left. | ',
    ],
  },
  {
    services: [
      service('notion', 'Notion', 'kebab'),
      service('confluence', 'Confluence', 'snake', { database: 'space' }),
      service('google_docs', 'Google Docs', 'snake', { page: 'document', database: 'folder' }),
    ],
    operations: [
      'create_page | Create a page in {s}. | title parent? content?',
      'get_page | Read the content of a page. | page',
      'update_page | Replace or rename a page. | page title? content?',
      'append_to_page | Add text to the end of a page. | page text',
      'search_pages | Search {s} for pages by title and text. | query',
      'comment_on_page | Leave a comment on a page. | page text',
      'query_database | List the entries of a database that match a filter. | database filter? sort?',
      'export_page | Export a page as PDF or Markdown. | page format',
      'get_page_history | List who changed a page and when. | page',
    ],
  },
  {
    services: [
      service('google_sheets', 'Google Sheets'),
      service('airtable', 'Airtable', 'camel', { row: 'record', sheet: 'table', range: 'view' }),
    ],
    operations: [
      'read_range | Read the values of a range of cells. | spreadsheet range',
      'update_range | Write values into a range of cells. | spreadsheet range values[]',
      'append_row | Append a row to a sheet. | spreadsheet values[]',
      'delete_row | Delete rows of a sheet. | spreadsheet row#',
      'create_sheet | Add a sheet to a spreadsheet. | spreadsheet name',
      'create_spreadsheet | Create a new spreadsheet. | title',
      'add_chart | Draw a chart from a range. | spreadsheet range kind',
      'find_rows | Find rows whose columns have certain values. | spreadsheet filter',
    ],
  },
  {
    services: [
      service('todoist', 'Todoist', 'kebab'),
      service('asana', 'Asana'),
      service('trello', 'Trello', 'camel', { task: 'card', project: 'board', section: 'list' }),
    ],
    operations: [
      'create_task | Create a task in {s}. | title project? due? notes?',
      'list_tasks | List the open tasks of a project. | project? filter?',
      'complete_task | Mark a task as done. | task',
      'update_task | Change the title, notes or due date of a task. | task title? due?',
      'delete_task | Delete a task. | task',
      'move_task | Move a task to another section. | task section',
      'add_task_comment | Comment on a task. | task text',
      'create_project | Create a project. | name',
      'list_projects | List the projects. | ',
    ],
  },
  {
    services: [
      service('hubspot', 'HubSpot'),
      service('salesforce', 'Salesforce', 'camel', {
        deal: 'opportunity',
        company: 'account',
        contact: 'lead',
      }),
    ],
    operations: [
      'create_contact | Create a contact in the {s} CRM. | name email? phone? company?',
      'search_contacts | Search contacts by name, email or company. | query',
      'update_contact | Update the properties of a contact. | contact properties',
      'create_deal | Create a deal in the sales pipeline. | name amount#? stage?',
      'update_deal_stage | Move a deal to another stage of the pipeline. | deal stage',
      'list_deals | List deals by stage and owner. | stage? owner?',
      'log_activity | Log a call, meeting or note with a contact. | contact kind text',
      'get_company | Get a company with its contacts and deals. | company',
      'get_sales_report | Summarise won and lost deals of a period. | from to',
    ],
  },
  {
    services: [service('stripe', 'Stripe'), service('paypal', 'PayPal', 'camel', { charge: 'payment' })],
    operations: [
      'create_charge | Charge a customer. | customer amount# currency',
      'refund_charge | Refund a charge in full or in part. | charge amount#?',
      'list_charges | List recent charges with their status. | customer? limit#?',
      'create_customer | Create a customer. | email name?',
      'create_invoice | Create an invoice for a customer and send it. | customer items[] due?',
      'list_invoices | List paid and unpaid invoices. | customer? status?',
      'create_subscription | Subscribe a customer to a plan. | customer price',
      'cancel_subscription | Cancel a subscription at the end of its period. | subscription',
      'get_balance | Get the balance that is available and pending. | ',
      'create_payment_link | Create a link at which somebody can pay. | price quantity#?',
      'list_disputes | List disputes and chargebacks. | status?',
    ],
  },
  {
    services: [
      service('postgres', 'PostgreSQL'),
      service('mysql', 'MySQL', 'camel'),
      service('bigquery', 'BigQuery', 'kebab', { table: 'dataset' }),
    ],
    operations: [
      'run_query | Run a read-only SQL query against {s}. | sql limit#?',
      'execute_statement | Execute a SQL statement that changes data. | sql',
      'list_tables | List the tables of a schema. | schema?',
      'describe_table | Describe the columns, types and indexes of a table. | table',
      'explain_query | Show the plan by which a query would run. | sql analyze?',
      'dump_table | Export a table to a CSV file. | table path',
    ],
  },
  {
    services: [
      service('ec2', 'Amazon EC2'),
      service('digitalocean', 'DigitalOcean', 'kebab', { instance: 'droplet' }),
    ],
    operations: [
      'launch_instance | Launch a virtual server. | name image size region?',
      'list_instances | List the servers with their state and address. | region?',
      'stop_instance | Shut a server down, keeping its disk. | instance',
      'reboot_instance | Reboot a server. | instance',
      'resize_instance | Change how much CPU and memory a server has. | instance size',
      'terminate_instance | Destroy a server and its disk for good. | instance',
      'create_snapshot | Take a snapshot of a disk. | instance name?',
      'update_firewall | Open or close ports of a server. | instance port# source?',
    ],
  },
  {
    services: [service('kubernetes', 'Kubernetes')],
    operations: [
      'list_pods | List the pods of a namespace with their status. | namespace?',
      'get_pod_logs | Get the logs of a pod. | pod namespace? tail#?',
      'scale_deployment | Set the number of replicas of a deployment. | deployment replicas#',
      'rollout_restart | Restart all pods of a deployment one by one. | deployment',
      'rollback_deployment | Go back to the previous revision of a deployment. | deployment revision#?',
      'apply_manifest | Apply a YAML manifest to the cluster. | manifest',
      'describe_resource | Describe any resource of the cluster, with its events. | kind name',
    ],
  },
  {
    services: [service('docker', 'Docker', 'camel')],
    operations: [
      'build_image | Build an image from a Dockerfile. | path tag',
      'run_container | Start a container from an image. | image name? ports[]?',
      'stop_container | Stop a running container. | container',
      'list_containers | List containers, running or all. | all?',
      'container_logs | Show what a container printed. | container tail#?',
      'push_image | Push an image to a registry. | image',
      'prune_images | Remove images that nothing uses. | ',
    ],
  },
  {
    services: [
      service('datadog', 'Datadog', 'kebab'),
      service('grafana', 'Grafana', 'snake', { monitor: 'alert_rule' }),
    ],
    operations: [
      'query_metrics | Query a metric over a time range. | query from to',
      'search_logs | Search logs by text and service. | query from? to?',
      'list_monitors | List monitors and which of them are firing. | state?',
      'mute_monitor | Silence a monitor for some time. | monitor minutes#?',
      'create_dashboard | Create a dashboard with panels. | title panels[]?',
      'get_trace | Get a distributed trace with the time of each span. | trace_id',
    ],
  },
  {
    services: [service('sentry', 'Sentry')],
    operations: [
      'list_errors | List unresolved errors of an application, most frequent first. | project',
      'get_error_details | Get the stack trace and circumstances of an error. | error',
      'resolve_error | Mark an error as resolved in a release. | error release?',
      'list_releases | List releases with their crash-free rate. | project',
    ],
  },
  {
    services: [service('pagerduty', 'PagerDuty', 'camel')],
    operations: [
      'list_incidents | List open incidents by urgency. | status?',
      'acknowledge_incident | Acknowledge an incident so that it escalates no further. | incident',
      'resolve_incident | Resolve an incident. | incident note?',
      'trigger_incident | Page whoever is responsible for a service. | service title',
      'who_is_on_call | Tell who is on call now. | schedule?',
      'override_schedule | Have somebody else take over an on-call shift. | schedule user from to',
    ],
  },
  {
    services: [service('cloudflare', 'Cloudflare')],
    operations: [
      'create_dns_record | Create a DNS record in a zone. | zone type name content',
      'list_dns_records | List the DNS records of a domain. | zone',
      'delete_dns_record | Delete a DNS record. | zone record',
      'purge_cache | Purge cached files of a site. | zone urls[]?',
      'get_traffic_analytics | Get requests, bandwidth and threats of a site. | zone since?',
      'block_ip_address | Block an IP address at the firewall. | zone ip',
    ],
  },
  {
    services: [service('vercel', 'Vercel', 'kebab')],
    operations: [
      'deploy_project | Deploy a project to preview or production. | project target?',
      'list_deployments | List deployments with their state. | project',
      'get_build_logs | Get the build log of a deployment. | deployment',
      'set_environment_variable | Set an environment variable of a project. | project key value',
      'rollback_production | Point production back to an earlier deployment. | project deployment',
    ],
  },
  {
    services: [
      service('shopify', 'Shopify'),
      service('woocommerce', 'WooCommerce', 'camel', { get: 'fetch' }),
    ],
    operations: [
      'list_orders | List the orders of the shop by status. | status? since?',
      'get_order | Get an order with its items and address. | order',
      'fulfill_order | Mark an order as shipped, with a tracking number. | order tracking?',
      'cancel_order | Cancel an order and restock its items. | order reason?',
      'create_product | Add a product to the shop. | title price# description?',
      'update_inventory | Set how many of a product are in stock. | product quantity#',
      'create_discount | Create a discount code. | code percent# until?',
      'get_customer_orders | List what a customer has ordered so far. | customer',
    ],
  },
  {
    services: [
      service('zendesk', 'Zendesk'),
      service('intercom', 'Intercom', 'kebab', { ticket: 'conversation' }),
    ],
    operations: [
      'create_ticket | Create a support ticket. | subject body requester?',
      'list_tickets | List support tickets by status and agent. | status?',
      'reply_to_ticket | Answer the customer in a ticket. | ticket body public?',
      'assign_ticket | Assign a ticket to an agent or group. | ticket agent',
      'solve_ticket | Set a ticket to solved. | ticket',
      'search_help_center | Search the help articles. | query',
      'get_satisfaction_ratings | Get how customers rated the support. | from? to?',
    ],
  },
  {
    services: [
      service('twitter', 'X (Twitter)', 'snake', { post: 'tweet' }),
      service('mastodon', 'Mastodon', 'camel', { like: 'favourite' }),
      service('linkedin', 'LinkedIn', 'kebab', { create: 'publish' }),
    ],
    operations: [
      'create_post | Publish a post on {s}. | text media[]?',
      'delete_post | Delete one of the own posts. | post',
      'reply_to_post | Reply to somebody’s post. | post text',
      'like_post | Like a post. | post',
      'search_posts | Search public posts. | query',
      'get_timeline | Get the latest posts of those one follows. | limit#?',
      'follow_user | Follow an account. | user',
    ],
  },
  {
    services: [service('reddit', 'Reddit')],
    operations: [
      'search_subreddit | Search the posts of a subreddit. | subreddit query',
      'get_hot_posts | Get what is popular in a subreddit now. | subreddit limit#?',
      'submit_post | Submit a post to a subreddit. | subreddit title text?',
      'get_comments | Get the comments below a post. | post',
    ],
  },
  {
    services: [service('youtube', 'YouTube', 'camel')],
    operations: [
      'search_videos | Search for videos. | query max#?',
      'get_transcript | Get the transcript of a video with times. | video language?',
      'get_channel_statistics | Get subscribers and views of a channel. | channel',
      'upload_video | Upload a video. | path title description?',
      'add_to_playlist | Add a video to a playlist. | playlist video',
    ],
  },
  {
    services: [service('spotify', 'Spotify')],
    operations: [
      'play_track | Play a song, album or playlist on the active device. | query device?',
      'pause_playback | Pause the music. | device?',
      'skip_track | Skip to the next song. | ',
      'set_volume | Set the volume of the player. | percent#',
      'create_playlist | Create a playlist. | name tracks[]?',
      'get_currently_playing | Tell which song is playing now. | ',
      'get_recommendations | Recommend songs similar to given ones. | tracks[] limit#?',
    ],
  },
  {
    services: [service('homeassistant', 'Home Assistant', 'kebab')],
    operations: [
      'turn_on_light | Turn a light on, with brightness and colour. | room brightness#? color?',
      'turn_off_light | Turn a light off. | room',
      'set_temperature | Set the target temperature of a thermostat. | room degrees#',
      'lock_door | Lock or unlock a door. | door locked?',
      'get_sensor_state | Read a sensor: humidity, motion, power. | sensor',
      'start_vacuum | Send the vacuum robot through rooms. | rooms[]?',
      'run_scene | Activate a scene such as “movie night”. | scene',
    ],
  },
  {
    services: [service('maps', 'Google Maps')],
    operations: [
      'get_directions | Get the route between two places, by car, train, bicycle or on foot. | from to mode?',
      'search_places | Search for restaurants, shops and other places nearby. | query near? radius#?',
      'get_place_details | Get the opening hours, phone number and rating of a place. | place',
      'geocode_address | Turn an address into coordinates. | address',
      'get_distance_matrix | Get distances and travel times between many places. | from[] to[]',
    ],
  },
  {
    services: [service('weather', 'the weather service')],
    operations: [
      'get_current_conditions | Get temperature, wind and humidity at a place now. | place units?',
      'get_forecast | Get the forecast for the next days at a place. | place days#?',
      'get_air_quality | Get pollution and pollen at a place. | place',
      'get_severe_alerts | Get storm and flood warnings for an area. | area',
    ],
  },
  {
    services: [service('flights', 'the flight service', 'camel')],
    operations: [
      'search_flights | Search for flights between two airports. | from to date passengers#?',
      'get_flight_status | Tell whether a flight is delayed and at which gate it leaves. | flight date?',
      'track_fare | Watch the price of a connection and tell when it falls. | from to below#?',
    ],
  },
  {
    services: [service('hotels', 'the hotel service', 'camel')],
    operations: [
      'search_hotels | Search for hotels with free rooms. | city check_in check_out guests#?',
      'book_room | Book a room in a hotel. | hotel check_in check_out guest',
      'cancel_booking | Cancel a hotel booking. | booking',
    ],
  },
  {
    services: [service('stocks', 'the market data service')],
    operations: [
      'get_quote | Get the current price of a share. | symbol',
      'get_price_history | Get past prices of a share as a series. | symbol from to?',
      'get_company_financials | Get revenue, profit and debt of a listed company. | symbol',
      'convert_currency | Convert an amount between currencies at today’s rate. | amount# from to',
    ],
  },
  {
    services: [service('news', 'the news service', 'kebab')],
    operations: [
      'top_headlines | Get today’s top headlines by country or topic. | country? topic?',
      'search_articles | Search news articles of the last month. | query language?',
    ],
  },
  {
    services: [service('deepl', 'DeepL', 'camel')],
    operations: [
      'translate_text | Translate a text into another language. | text target source?',
      'translate_document | Translate a whole file, keeping its layout. | path target',
      'detect_language | Tell in which language a text is written. | text',
    ],
  },
  {
    services: [service('strava', 'Strava')],
    operations: [
      'list_activities | List recent runs and rides. | from? limit#?',
      'get_activity | Get pace, heart rate and route of a workout. | activity',
      'get_training_summary | Sum up distance and time of a week or year. | period',
    ],
  },
  {
    services: [service('zoom', 'Zoom', 'kebab')],
    operations: [
      'create_meeting | Schedule a video meeting and get its link. | topic start minutes#?',
      'list_meetings | List scheduled video meetings. | ',
      'get_recording | Get the recording of a past meeting. | meeting',
      'get_meeting_summary | Get the automatic notes of a past meeting. | meeting',
    ],
  },
  {
    services: [service('typeform', 'Typeform', 'camel')],
    operations: [
      'create_form | Create a form with questions. | title questions[]',
      'get_responses | Get the answers that a form has received. | form since?',
      'close_form | Accept no more answers to a form. | form',
    ],
  },
  {
    services: [service('mailchimp', 'Mailchimp')],
    operations: [
      'create_campaign | Prepare a newsletter campaign. | list subject content',
      'send_campaign | Send a prepared campaign to its audience. | campaign',
      'add_subscriber | Add somebody to an audience. | list email',
      'get_campaign_report | Get opens and clicks of a campaign. | campaign',
    ],
  },
  {
    services: [service('figma', 'Figma', 'kebab')],
    operations: [
      'get_file | Get the layers of a design file. | file',
      'export_frame | Export a frame as PNG or SVG. | file frame format?',
      'post_comment | Comment on a design. | file text',
      'list_components | List the components of a design library. | library',
    ],
  },
  {
    services: [
      service('xero', 'Xero', 'camel'),
      service('quickbooks', 'QuickBooks', 'snake', { bill: 'expense' }),
    ],
    operations: [
      'create_bill | Enter a bill from a supplier. | supplier amount# due?',
      'list_overdue_invoices | List invoices that customers have not paid in time. | ',
      'reconcile_transaction | Match a bank transaction with a booking. | transaction account',
      'get_profit_and_loss | Get the profit and loss statement of a period. | from to',
      'get_tax_summary | Sum up the VAT owed for a period. | from to',
    ],
  },
  {
    services: [service('bamboohr', 'BambooHR', 'snake')],
    operations: [
      'request_leave | Request days of leave. | from to kind?',
      'get_leave_balance | Tell how many days of leave are left. | employee?',
      'approve_leave | Approve or reject a request for leave. | request approve?',
      'get_employee | Get an employee’s record: role, manager, start date. | employee',
      'who_is_out | List who is absent today. | date?',
    ],
  },
  {
    services: [service('greenhouse', 'Greenhouse', 'camel')],
    operations: [
      'list_candidates | List the candidates for a job by stage. | job stage?',
      'advance_candidate | Move a candidate to the next stage. | candidate',
      'reject_candidate | Reject a candidate with a reason. | candidate reason?',
      'schedule_interview | Schedule an interview with a candidate. | candidate interviewers[] start',
    ],
  },
  {
    services: [service('twilio', 'Twilio')],
    operations: [
      'send_sms | Send a text message to a phone number. | to body',
      'make_call | Call a phone number and say something. | to text',
      'list_messages | List text messages that were sent and received. | number?',
    ],
  },
  {
    services: [service('browser', 'the browser')],
    operations: [
      'navigate | Open an address in the browser. | url',
      'click_element | Click something on the page. | selector',
      'fill_form | Type into the fields of a page. | fields',
      'take_screenshot | Take a screenshot of the page. | full_page?',
      'extract_text | Get the visible text of the page. | selector?',
      'save_as_pdf | Save the page as a PDF file. | path',
    ],
  },
  {
    services: [service('pdf', 'the PDF toolkit', 'kebab')],
    operations: [
      'merge_files | Merge several PDF files into one. | files[] output',
      'split_pages | Take pages out of a PDF file. | file pages output',
      'extract_tables | Extract the tables of a PDF file as CSV. | file',
      'ocr_scan | Recognise the text in a scanned document. | file language?',
      'fill_form_fields | Fill in the fields of a PDF form. | file fields',
    ],
  },
  {
    services: [service('media', 'the media toolkit')],
    operations: [
      'resize_image | Resize or crop a picture. | file width# height#?',
      'remove_background | Cut out the background of a picture. | file',
      'generate_image | Generate a picture from a description. | prompt size?',
      'transcribe_audio | Write down what is said in a recording. | file language?',
      'text_to_speech | Read a text aloud into an audio file. | text voice?',
      'convert_video | Convert a video to another format. | file format',
    ],
  },
  {
    services: [service('parcels', 'the parcel service', 'camel')],
    operations: [
      'track_shipment | Tell where a parcel is. | number carrier?',
      'create_shipping_label | Buy a label for a parcel. | from to weight#',
      'schedule_pickup | Have a courier pick up a parcel. | address date',
    ],
  },
];
